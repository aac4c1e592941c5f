// Package e2e walks a hit's whole journey from outside: it starts the real
// collector, lets real clients send to it (npm packages, a browser with the
// snippet), and compares what the JSON API and the dashboard then show. The
// clients are Node scripts in the folder above, each of which also runs on its
// own. Nothing is kept after a test.
package e2e
