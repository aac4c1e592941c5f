package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"foule.eu/foule/storage/move"
)

// meter shows how far a move has come: a bar on a terminal, a line now and then
// elsewhere.
type meter struct {
	out      io.Writer
	terminal bool
	stage    move.Stage
	began    time.Time // of the stage
	first    int       // parts that were done when it began
	shown    time.Time
	open     bool // the bar's line has no end yet
}

const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 10 * time.Second
	barWidth  = 30
)

func newMeter(out io.Writer) *meter {
	m := &meter{out: out}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		m.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return m
}

// show is told of every part, and writes of some.
func (m *meter) show(p move.Progress) {
	now := time.Now()
	if p.Stage != m.stage {
		m.end()
		m.stage, m.began, m.first = p.Stage, now, p.Done
	}
	pause := lineEvery
	if m.terminal {
		pause = barEvery
	}
	if now.Sub(m.shown) < pause && p.Done < p.Total {
		return
	}
	m.shown = now
	text := fmt.Sprintf("%s  %d of %d days of sites, %d rows%s", m.stage, p.Done, p.Total, p.Rows, m.left(p, now))
	if !m.terminal {
		fmt.Fprintln(m.out, text)
		return
	}
	full := barWidth * p.Done / max(p.Total, 1)
	fmt.Fprintf(m.out, "\r\x1b[K[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), text)
	m.open = true
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
func (m *meter) end() {
	if m.open {
		fmt.Fprintln(m.out)
		m.open = false
	}
}
