package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// bar shows how far a long command has come: a bar on a terminal, a line now
// and then elsewhere.
type bar struct {
	out      io.Writer
	terminal bool
	shown    time.Time
	open     bool // the bar's line has no end yet
}

const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 10 * time.Second
	barWidth  = 30
)

func newBar(out io.Writer) *bar {
	b := &bar{out: out}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		b.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

// draw is told of every step, and writes of some.
func (b *bar) draw(done, total int64, text string) {
	now := time.Now()
	pause := lineEvery
	if b.terminal {
		pause = barEvery
	}
	if now.Sub(b.shown) < pause && done < total {
		return
	}
	b.shown = now
	if !b.terminal {
		fmt.Fprintln(b.out, text)
		return
	}
	full := int(barWidth * done / max(total, 1))
	fmt.Fprintf(b.out, "\r\x1b[K[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), text)
	b.open = true
}

// end ends the bar's line.
func (b *bar) end() {
	if b.open {
		fmt.Fprintln(b.out)
		b.open = false
	}
}
