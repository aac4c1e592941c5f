// Package accesslog is another door for hits: it reads the access logs of web
// servers and sends what people looked at to the tracking endpoint, as bulks of
// Matomo's wire form. From there they go the way of all hits, so what a log
// tells about a person ends where it ends for everybody.
//
// [Open] gives a file's lines, compressed or not; [Detect] finds the form of
// the log; a [Format] takes a line apart; [Importer] sends. Requests are marked
// as parts of an import (foule_import), so sending a file again counts nothing
// twice. The package keeps nothing and writes nothing down.
package accesslog
