// Package foule is the vocabulary of the house: the words that every stage of
// a hit's journey shares, and nothing that does anything.
//
// A hit enters at ingest, is turned into an [Event] by anonymize, becomes
// deltas of counters in aggregate, rows in storage and tables in report. What
// those stages hand each other is named here: sites and their goals, days,
// dimensions, metrics and events. The package imports the standard library
// only, does no I/O and reads no clock.
//
// Start reading at [Event]: its fields are the whole of what may leave the
// anonymisation stage.
package foule
