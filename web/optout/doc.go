// Package optout is where a visitor says no before any hit begins, and where
// the answer is shown back.
//
// It offers the wish in three forms, in French and English, at paths of our
// own and at Matomo's:
//
//   - a page, /optout, that works without script and without an account;
//   - the same page inside another site's frame (index.php?…action=optOut);
//   - a script, /optout.js (index.php?…action=optOutJS), that puts the choice
//     into the site's own privacy page.
//
// The script keeps the wish in the site's own storage under the key that the
// tracker script looks at before it sends anything: no hit is made at all. Page
// and frame keep it in a cookie of the tracking side, [CookieName], that says
// "1" and nothing else; package ingest/matomo finds it beside a hit, and
// anonymize leaves that hit out and counts it under "opt_out". A frame's cookie
// is partitioned: it holds on the site that shows the frame and cannot be read
// on another. What a browser refused to keep is said, not hidden.
//
// In comes a request; nothing of it is kept. Every parameter is checked against
// a pattern, and what does not fit is as good as not given: a slip in a colour
// must not take the right away. Start reading at [New], then page.go.
package optout
