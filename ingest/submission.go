package ingest

import (
	"context"
	"errors"
	"time"

	"foule.eu/foule"
)

// submission is one request's hits, waiting for the answer.
type submission struct {
	hits  []counted
	part  foule.Part // of an import, to be taken once; zero for all else
	taken bool       // it was
	done  chan error
	timer *time.Timer
}

func newSubmission() any {
	s := &submission{done: make(chan error, 1), timer: time.NewTimer(time.Hour)}
	s.timer.Stop()
	return s
}

// ErrBusy is returned for hits that did not become durable in time.
var ErrBusy = errors.New("ingest: the journal did not answer in time")

// patience is how long hits wait to become durable.
const patience = 10 * time.Second

// Submit hands over hits and returns when they are durable. With an error they
// are not acknowledged, though they may be counted all the same if they had
// been taken already.
func (s *Sequencer) Submit(ctx context.Context, hits []counted) error {
	return s.SubmitPart(ctx, foule.Part{}, hits)
}

// SubmitPart is Submit for a part of an import: the hits become durable together,
// unless the part was taken before; then they are not counted again.
func (s *Sequencer) SubmitPart(ctx context.Context, part foule.Part, hits []counted) error {
	sub := s.pool.Get().(*submission)
	sub.hits, sub.part = hits, part
	sub.timer.Reset(patience)
	answered, err := s.await(ctx, sub)
	sub.timer.Stop()
	if answered { // otherwise the sequencer may still hold it
		sub.hits = nil
		s.pool.Put(sub)
	}
	return err
}

// await queues the submission and gives the sequencer's answer to it, or why
// there was none.
func (s *Sequencer) await(ctx context.Context, sub *submission) (answered bool, err error) {
	select {
	case s.queue <- sub:
	case <-s.stop:
		return true, ErrStopping
	case <-sub.timer.C:
		return true, ErrBusy
	case <-ctx.Done():
		return true, ctx.Err()
	}
	select {
	case err := <-sub.done:
		return true, err
	case <-s.stopped:
		select {
		case err := <-sub.done:
			return true, err
		default:
			return false, ErrStopping
		}
	case <-sub.timer.C:
		return false, ErrBusy
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
