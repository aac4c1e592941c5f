// Package tracker is where a hit begins: the script that a site embeds, and
// the lines of HTML that embed it.
//
// The script is a program of its own, in TypeScript under src, and has four
// forms: foule.lite.js counts page views, foule.js what data attributes ask
// for, foule.bare.js the same without what reads the device, and matomo.js offers the methods of Matomo's. All send Matomo's
// parameters, but for those that would recognise someone: they set no cookie,
// keep no identifier and ask the browser for nothing beyond the page and the
// size of the screen. The one thing they may store is a visitor's wish not to be
// counted. A page view's random id lives as long as the page view.
//
// In comes nothing but a request for the script; out goes the same file for
// everyone. What the script sends later is decoded by package ingest/matomo,
// which shares no code with it, only the wire form.
//
// Start reading at src/foule.lite.ts, the whole journey in twenty lines, then
// src/foule.ts, and src/matomo.ts with src/tracker.ts; [Handler] serves the
// bundles. docs/tracker.md is what a site's author reads.
package tracker

//go:generate go run ./gen
