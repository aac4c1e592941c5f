package ingest

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest/journal"
	"foule.eu/foule/storage"
)

// ErrStopping is returned for hits that come while the collector shuts down.
var ErrStopping = errors.New("ingest: shutting down")

// SequencerOptions say how a sequencer works.
type SequencerOptions struct {
	Dir        string // of this shard: journal and snapshots
	Thresholds aggregate.Settings
	Ack        journal.Ack
	MaxBytes   int64         // of the journal; beyond it hits are refused
	Interval   time.Duration // how long a segment stays open
	MaxEvents  int           // after which it is closed earlier
	Snapshot   time.Duration // how often the state is written down
	Secrets    *anonymize.Secrets
	Store      storage.Writer
	Metrics    *Metrics
	Log        *slog.Logger
	Now        func() time.Time
}

// Sequencer takes anonymised hits in one order: numbers their visitors, makes
// them durable, counts them, and lets the handlers answer. One goroutine does
// all of it; the order in the journal is the order of aggregation.
type Sequencer struct {
	SequencerOptions
	collector string // id of this journal, the first part of batch tokens
	queue     chan *submission
	// pool holds submissions to be used again: a timer and a channel for each hit
	// would cost as much as decoding it.
	pool    sync.Pool
	stop    chan struct{}
	stopped chan struct{}

	// Of the sequencer's goroutine alone.
	journal  *journal.Journal
	state    *aggregate.State
	drain    *Drain
	segment  uint64 // open segment, 0 if none
	events   int    // in it
	opened   time.Time
	records  [][]byte
	group    []*submission
	buf      []byte
	snapshot time.Time // of the last snapshot
	refusing bool      // whether the last group could not be made durable
}

const (
	queueLength = 4096
	// maxGroup bounds the hits that share an fsync.
	maxGroup = 8192
	// maxGroupBytes is how long a group's records are when no more are added: with
	// the longest submission behind it, a group stays below journal.MaxGroupBytes.
	maxGroupBytes = 16 << 20
)

// Run works until Stop. It returns when what was taken is durable and handed
// to the drain.
func (s *Sequencer) Run() {
	defer close(s.stopped)
	tick := time.NewTicker(s.Interval)
	defer tick.Stop()
	for {
		select {
		case sub := <-s.queue:
			s.write(s.gather(sub))
			if s.events >= s.MaxEvents {
				s.rotate()
			}
		case <-tick.C:
			s.rotate()
		case n := <-s.drain.confirmed:
			s.confirm(n)
		case <-s.stop:
			s.finish()
			return
		}
	}
}

// gather takes what else is waiting, up to a group.
func (s *Sequencer) gather(first *submission) []*submission {
	group, n := append(s.group[:0], first), len(first.hits)
	for yields := 0; n < maxGroup && yields < maxYields; {
		select {
		case sub := <-s.queue:
			group = append(group, sub)
			n += len(sub.hits)
		default:
			runtime.Gosched()
			yields++
		}
	}
	s.group = group
	return group
}

// maxYields is how often gather lets handlers that are ready to run add their
// hits: under load a sync then serves more of them, without it nothing waits.
const maxYields = 3

// write is the middle of the way: number, journal, acknowledge, aggregate. A
// group of very long hits goes it in several parts.
func (s *Sequencer) write(group []*submission) {
	for len(group) > 0 {
		n := s.number(group)
		s.commit(group[:n])
		group = group[n:]
	}
}

// commit makes submissions that are numbered durable, and tells them.
func (s *Sequencer) commit(group []*submission) {
	var err error
	if len(s.records) > 0 { // else all were orders that are known
		err = s.journal.Append(s.Now().Unix(), s.records)
		s.tell(err)
	}
	if err != nil {
		for _, sub := range group {
			s.returnOrders(sub)
			sub.done <- err
		}
		if errors.Is(err, journal.ErrPoisoned) {
			s.close() // nothing more goes into this segment, however far behind the store is
		}
		return
	}
	s.begin()
	if open, ok := s.journal.OpenSegment(); ok {
		s.drain.writing(stretch{open.Created, open.Bytes})
	}
	s.Metrics.groups.Inc()
	for _, sub := range group {
		s.count(sub)
		sub.done <- nil
	}
}

// count brings a submission that is durable into the state.
func (s *Sequencer) count(sub *submission) {
	if sub.taken {
		return
	}
	for i := range sub.hits {
		if sub.hits[i].repeated {
			continue
		}
		s.state.Add(&sub.hits[i].event)
		s.Metrics.counted(&sub.hits[i].event)
		s.events++
	}
	if sub.part != (foule.Part{}) {
		s.state.TakePart(sub.part)
	}
}

// number turns the keys of a group into what may be kept, and what is kept into
// records of the journal. It gives how many submissions the records hold.
func (s *Sequencer) number(group []*submission) int {
	s.records, s.buf = s.records[:0], s.buf[:0]
	for n, sub := range group {
		if len(s.buf) >= maxGroupBytes {
			return n
		}
		imported := sub.part != (foule.Part{})
		if sub.taken = imported && s.wasTaken(sub.part, group[:n]); sub.taken {
			continue
		}
		start := len(s.buf)
		if imported {
			s.buf = foule.AppendBundle(s.buf, sub.part)
		}
		for i := range sub.hits {
			h := &sub.hits[i]
			if !s.numberHit(h) {
				continue
			}
			if imported {
				s.buf = foule.AppendBundled(s.buf, &h.event)
				continue
			}
			s.buf = foule.AppendEvent(s.buf, &h.event)
			s.records = append(s.records, s.buf[start:len(s.buf):len(s.buf)])
			start = len(s.buf)
		}
		if imported {
			s.records = append(s.records, s.buf[start:len(s.buf):len(s.buf)])
		}
	}
	return len(group)
}

// numberHit says whether the hit is to be counted, and gives its visitor a number,
// if it has one.
func (s *Sequencer) numberHit(h *counted) bool {
	if h.repeated = !s.Secrets.TakeOrder(h.event.Site, h.event.Day, h.keys.Order); h.repeated {
		return false
	}
	if h.keys.Visitor != (anonymize.Key{}) {
		h.event.Visitor = s.Secrets.Number(h.event.Site, h.event.Day, h.keys.Visitor, s.state.MaxVisitor)
	}
	return true
}

// wasTaken says whether a part was taken before, or stands further in front in
// the group.
func (s *Sequencer) wasTaken(p foule.Part, before []*submission) bool {
	return s.state.HasPart(p) || slices.ContainsFunc(before, func(o *submission) bool { return o.part == p })
}

// returnOrders lets orders that could not be made durable be sent again.
func (s *Sequencer) returnOrders(sub *submission) {
	if sub.taken {
		return
	}
	for i := range sub.hits {
		if h := &sub.hits[i]; !h.repeated {
			s.Secrets.ReturnOrder(h.event.Site, h.event.Day, h.keys.Order)
		}
	}
}

// tell logs when hits begin and cease to be refused.
func (s *Sequencer) tell(err error) {
	switch {
	case err == nil && s.refusing:
		s.Log.Info("hits are taken again")
	case err != nil && !s.refusing:
		s.Log.Error("hits cannot be made durable and are refused", "error", err)
	}
	s.refusing = err != nil
}

// begin opens the state's segment with what stands in the journal's header.
func (s *Sequencer) begin() {
	open, ok := s.journal.OpenSegment()
	if !ok || open.Number == s.segment {
		return
	}
	s.segment, s.events, s.opened = open.Number, 0, s.Now()
	s.state.Begin(s.Thresholds, open.Created)
}

// rotate closes the open segment and hands its batch to the drain. While the
// drain is behind, the segment stays open and grows: its events come to one
// batch however many they are.
func (s *Sequencer) rotate() {
	switch {
	case s.drain.behind():
	case s.segment == 0:
		s.cover()
	case s.events >= s.MaxEvents || s.Now().Sub(s.opened) >= s.linger():
		s.close()
	}
}

// cover has the state written down between two segments, so that a journal
// that rests, because nobody comes or because it is full, lets go of what the
// store has.
func (s *Sequencer) cover() {
	if last := s.last(); last > 0 && s.snapshotDue() {
		s.drain.add(work{segment: last, snapshot: s.takeSnapshot()})
	}
}

// snapshotDue says whether a snapshot is wanted: for its age, or for the room
// that segments take until one covers them.
func (s *Sequencer) snapshotDue() bool {
	return s.Now().Sub(s.snapshot) >= s.Snapshot || s.MaxBytes > 0 && s.journal.Bytes() > s.MaxBytes/2
}

func (s *Sequencer) takeSnapshot() []byte {
	s.snapshot = s.Now()
	return s.state.Append(nil)
}

// longestSegment bounds how long counters wait under load.
const longestSegment = 10 * time.Second

// linger is how long the open segment waits for more: the longer, the more
// hits share a row. It grows with what the last batch cost, so that writing
// batches takes about a tenth of the time.
func (s *Sequencer) linger() time.Duration {
	return min(longestSegment, 10*s.drain.LastApply())
}

func (s *Sequencer) close() {
	closed, ok, err := s.journal.Rotate()
	if err != nil {
		s.Log.Error("a segment could not be closed; it stays open", "segment", s.segment, "error", err)
		return
	}
	if !ok {
		return
	}
	batch := s.state.Close(s.token(closed.Number))
	s.segment, s.events = 0, 0
	var snapshot []byte
	if s.snapshotDue() {
		snapshot = s.takeSnapshot()
	}
	s.drain.add(work{closed.Number, batch, snapshot, stretch{closed.Created, closed.Bytes}})
}

// token names a segment's batch for ever.
func (s *Sequencer) token(segment uint64) string {
	return fmt.Sprintf("%s/0/%d", s.collector, segment)
}

// confirm lets go of what a snapshot now covers: all segments up to n are in the store.
func (s *Sequencer) confirm(n uint64) {
	for _, seg := range s.journal.Segments() {
		if seg.Number > n {
			return
		}
		if err := s.journal.Remove(seg.Number); err != nil {
			s.Log.Error("a segment that is in the store could not be removed", "segment", seg.Number, "error", err)
			return
		}
	}
}

// Stop ends the sequencer after the hits that are waiting.
func (s *Sequencer) Stop() {
	close(s.stop)
	<-s.stopped
}

// finish writes what is still waiting, closes the segment and takes a snapshot.
func (s *Sequencer) finish() {
	for {
		select {
		case sub := <-s.queue:
			s.write(s.gather(sub))
			continue
		default:
		}
		break
	}
	s.snapshot = time.Time{} // take one now
	if s.segment != 0 {
		s.close()
	} else {
		s.drain.add(work{segment: s.last(), snapshot: s.takeSnapshot()})
	}
}

// last gives the number of the newest closed segment, 0 if there is none.
func (s *Sequencer) last() uint64 {
	segments := s.journal.Segments()
	if len(segments) == 0 {
		return 0
	}
	return segments[len(segments)-1].Number
}

// Close closes the journal, once sequencer and drain have stopped.
func (s *Sequencer) Close() error {
	for {
		select {
		case n := <-s.drain.confirmed:
			s.confirm(n)
			continue
		default:
		}
		return s.journal.Close()
	}
}
