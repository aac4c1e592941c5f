// Package tracker is where a hit begins: the script that a site embeds, and
// the lines of HTML that embed it.
//
// The script is a program of its own, in TypeScript under src. It offers the
// methods of Matomo's matomo.js, and sends the same parameters, but for those
// that would recognise someone: it sets no cookie, keeps no identifier and
// asks the browser for nothing beyond the page and the size of the screen. The
// one thing it may store is a visitor's wish not to be counted. A page view's
// random id lives as long as the page.
//
// In comes nothing but a request for the script; out goes the same file for
// everyone. What the script sends later is decoded by package ingest/matomo,
// which shares no code with it, only the wire form.
//
// Start reading at src/main.ts, then src/tracker.ts; [Handler] serves the bundle.
package tracker

//go:generate go run ./gen
