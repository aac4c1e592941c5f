// Package process runs the real collector as its operator would and holds it
// to what only a whole process can show: that kill -9 at any moment, and a
// ClickHouse server or cluster that is killed, away, or hard to reach, lose no
// hit and count none twice (invariant I4), and that nothing a visitor sent
// that must not leave is found in any byte of the data folder, the output or
// the metrics (I1, I8).
package process
