package ingest

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"foule.eu/foule/storage"
)

// work is a closed segment on its way into the store. With a snapshot, the
// state as of its end is written down once the store has it.
type work struct {
	segment  uint64
	batch    *storage.Batch
	snapshot []byte
	stretch
}

// stretch is a part of the journal: when it began, in Unix seconds, and its size.
type stretch struct{ began, bytes int64 }

// Lag is how far the store is behind the hits that were acknowledged.
type Lag struct {
	// Failing says that the store refused a batch when it was last tried.
	Failing bool
	// AsOf is the time up to which every hit is in the store, to a second: that of
	// the oldest hit it lacks. It is zero if the store has everything.
	AsOf time.Time
	// Bytes is the size of what the store lacks, in the journal.
	Bytes int64
}

// maxPending is how many batches may wait; with more, segments stay open.
const maxPending = 2

// Drain applies batches in order, each until it succeeds. One goroutine does
// all of it.
type Drain struct {
	store     storage.Writer
	dir       string
	metrics   *Metrics
	log       *slog.Logger
	replayed  []work // of an earlier run; first in line
	queue     chan work
	pending   atomic.Int32
	confirmed chan uint64 // segments up to which a snapshot covers what the store has
	failing   atomic.Bool
	last      atomic.Int64 // nanoseconds that the last batch took
	done      chan struct{}

	mu      sync.Mutex
	waiting []stretch // of batches not yet applied, oldest first
	open    stretch   // of the segment being written; zero if there is none
}

func newDrain(store storage.Writer, dir string, m *Metrics, log *slog.Logger) *Drain {
	return &Drain{
		store: store, dir: dir, metrics: m, log: log,
		queue: make(chan work, maxPending+2), confirmed: make(chan uint64, 16), done: make(chan struct{}),
	}
}

// behind says whether the store does not keep up.
func (d *Drain) behind() bool { return d.pending.Load() >= maxPending }

// Failing says whether the last attempt to apply a batch failed.
func (d *Drain) Failing() bool { return d.failing.Load() }

// LastApply says how long the store took for the last batch.
func (d *Drain) LastApply() time.Duration { return time.Duration(d.last.Load()) }

// Lag says how far the store is behind.
func (d *Drain) Lag() Lag {
	d.mu.Lock()
	defer d.mu.Unlock()
	lag := Lag{Failing: d.failing.Load(), Bytes: d.open.bytes}
	oldest := d.open
	for i := len(d.waiting) - 1; i >= 0; i-- {
		oldest = d.waiting[i]
		lag.Bytes += oldest.bytes
	}
	if oldest != (stretch{}) {
		lag.AsOf = time.Unix(oldest.began, 0)
	}
	return lag
}

// writing tells what the open segment holds by now.
func (d *Drain) writing(s stretch) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = s
}

// wait puts work into the line of what the store lacks; it is no longer open.
func (d *Drain) wait(w work) {
	d.pending.Add(1)
	if w.batch == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting, d.open = append(d.waiting, w.stretch), stretch{}
}

// arrived takes work out of the line.
func (d *Drain) arrived(w work) {
	d.pending.Add(-1)
	if w.batch == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = d.waiting[1:]
}

// add hands over work. It blocks only while stopping, when two batches more
// than usual may wait.
func (d *Drain) add(w work) {
	d.wait(w)
	d.queue <- w
}

// replay puts work of an earlier run first in line, before Run.
func (d *Drain) replay(w work) {
	d.wait(w)
	d.replayed = append(d.replayed, w)
}

// Finish lets the drain end once its queue is empty, and waits for that.
func (d *Drain) Finish() {
	close(d.queue)
	<-d.done
}

// Run applies what comes until the queue is closed or the context ends. What
// is left then stays in the journal and is applied at the next start.
func (d *Drain) Run(ctx context.Context) {
	defer close(d.done)
	for _, w := range d.replayed {
		if !d.apply(ctx, w) {
			d.drop()
			return
		}
		d.arrived(w)
	}
	d.replayed = nil
	for w := range d.queue {
		if !d.apply(ctx, w) {
			d.drop()
			return
		}
		d.arrived(w)
	}
}

// drop leaves all that still comes to the next start.
func (d *Drain) drop() {
	for range d.queue {
	}
}

// apply makes one piece of work durable in the store and says whether it did.
func (d *Drain) apply(ctx context.Context, w work) bool {
	if w.batch != nil && !d.persist(ctx, w.batch) {
		return false
	}
	if w.snapshot == nil {
		return true
	}
	if err := writeSnapshot(d.dir, w.segment, w.snapshot); err != nil {
		d.log.Error("a snapshot could not be written; the journal keeps its segments", "error", err)
		return true
	}
	select {
	case d.confirmed <- w.segment:
	case <-ctx.Done():
	}
	return true
}

const (
	firstPause = 100 * time.Millisecond
	longPause  = 10 * time.Second
)

// persist applies a batch, again and again until it succeeds; the token makes
// repetition harmless.
func (d *Drain) persist(ctx context.Context, b *storage.Batch) bool {
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		began := time.Now()
		err := d.store.Apply(ctx, b)
		if err == nil {
			d.last.Store(int64(time.Since(began)))
			if d.failing.Swap(false) {
				d.log.Info("the store takes batches again", "batch", b.Token)
			}
			d.metrics.batches.Inc()
			d.metrics.rows.Add(len(b.Days) + len(b.Hours) + len(b.Minutes))
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if !d.failing.Swap(true) {
			d.log.Error("the store does not take a batch; hits stay in the journal until it does", "batch", b.Token, "error", err)
		}
		d.metrics.retries.Inc()
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
		}
	}
}
