package main

import (
	"fmt"
	"io"
	"time"

	"foule.eu/foule/storage/move"
)

// meter shows how far a move has come.
type meter struct {
	bar   *bar
	stage move.Stage
	began time.Time // of the stage
	first int       // parts that were done when it began
}

func newMeter(out io.Writer) *meter { return &meter{bar: newBar(out)} }

// show is told of every part, and writes of some.
func (m *meter) show(p move.Progress) {
	now := time.Now()
	if p.Stage != m.stage {
		m.end()
		m.stage, m.began, m.first = p.Stage, now, p.Done
	}
	m.bar.draw(int64(p.Done), int64(p.Total), fmt.Sprintf("%s  %d of %d days of sites, %d rows%s", m.stage, p.Done, p.Total, p.Rows, m.left(p, now)))
}

// left guesses how long the stage still takes.
func (m *meter) left(p move.Progress, now time.Time) string {
	done, rest := p.Done-m.first, p.Total-p.Done
	if done <= 0 || rest <= 0 {
		return ""
	}
	left := now.Sub(m.began) / time.Duration(done) * time.Duration(rest)
	return fmt.Sprintf(", %s left", left.Round(time.Second))
}

// end ends the bar's line.
func (m *meter) end() { m.bar.end() }
