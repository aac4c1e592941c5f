// Package aggregate turns Events into signed differences of counters.
//
// It stands between ingest, whose sequencer hands it the events of a journal
// segment in order, and storage, which applies the [storage.Batch] that a
// closed segment comes to. It is a pure function of its input: no clock, no
// randomness, no map order in its results (invariant I6), so replaying a
// segment over the same state gives the same batch byte for byte.
//
// # State
//
// A [State] holds one day of a site per entry: its label dictionary, its
// visitors (by number, a plain counter) with their visits, and its cells. A
// cell is the sum, over the day's visitors, of what they contribute to one row:
// (dimension, label) or (dimension, label, by, by-label).
//
// # Contributions and differences
//
// When the first event of a segment touches a visitor, his visits are noted as
// they were; when the segment closes, what they contributed is taken out of the
// cells and what he contributes now is put in. A cell's row is written as the difference
// between its value at the last close and its value at this one. So a label
// that moves (exit page, duration bucket, last active minute, an upgraded
// referrer) needs no code of its own, and every table is right at every flush
// although no visit has to end first.
//
// # Small numbers
//
// A cell is written under its own name only while at least k visitors share
// it; until then it counts in the "(other)" row of its group. Groups keep the
// sum of their unnamed cells, so that a cell that crosses the threshold, or a
// by-label that does, moves by one negative and one positive difference, and
// totals are exact at every moment (design §5).
//
// # Nobody
//
// Hits of sites that tell nobody apart have no visitor. They are added to the cells
// when they come (nobody.go), and the cells are all that remembers them: the
// small-number rule then asks for k of them, and a snapshot writes such cells' sums.
//
// Start reading at [State.Add] and [State.Close].
package aggregate
