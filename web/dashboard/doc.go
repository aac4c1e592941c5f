// Package dashboard is the far end of a hit's journey: the pages on which
// people read what became of the crowd.
//
// In comes a browser's request for a page; out goes HTML made on the server,
// with charts as inline SVG, complete without script. Numbers come from report
// alone, so whatever report rounds or hides is rounded or hidden here too
// (invariant I9); sites, goals, users and tokens come from storage.Settings.
// The package keeps nothing between two requests.
//
// Start reading at [New], which lists the pages, then at view, the state that
// a page's address holds, and at overview.go.
//
// # No inline style, no inline script
//
// The content security policy (secure.go) forbids both. Widths of bars are
// attributes of SVG rectangles, positions of chart labels are percentages in
// SVG attributes, and everything else is a class in assets/*.css.
//
// # Words
//
// Every sentence is one entry of locales/en.json and locales/fr.json. Templates
// are parsed once per language with the functions t, num and so on bound to it.
package dashboard
