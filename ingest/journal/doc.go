// Package journal keeps records on disk between the moment a hit is
// anonymised and the moment its aggregates are in the store. It stands third
// on a hit's journey: in come groups of bytes, out go closed segments that
// read back the same groups in the same order. It knows no Event, no site and
// no clock; what a record means is the business of whoever wrote it.
//
// A journal is a directory of numbered segments. A segment is open (the one
// being written, at most one), closed (sealed, waiting to be applied and then
// removed) or set aside (found damaged, renamed to *.corrupt and left to the
// operator). docs/formats/journal.md draws the bytes.
//
// # What is promised
//
// With [Durable], a group for which [Journal.Append] returned nil is read back
// after a crash of the process or of the machine, whole and in its place. A
// group for which it returned an error was not acknowledged; it is either gone
// or, if the process dies while the disk refuses to confirm that it is gone,
// it survives as a whole. So records are kept at least once: never lost when
// acknowledged, possibly kept when not.
//
// What [Journal.Rotate] hands out never changes again: a restart reads the same
// records under the same number. Numbers are never used twice.
//
// # What it may forget
//
// The unacknowledged end of a segment that a crash left torn, and everything
// its owner removes. With [Written], also what a crash of the machine takes
// from the segment that was open.
//
// A Journal is for one goroutine, the sequencer's. [ReadSegment] and
// [WriteFileAtomic] hold no state and may be called from any.
//
// Start reading at [Journal.Append]; what a restart does is in recover.go.
package journal
