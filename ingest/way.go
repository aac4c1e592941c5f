package ingest

import (
	"math"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest/matomo"
)

// counted is an anonymised hit on its way to the sequencer: all that is left.
type counted struct {
	event foule.Event
	keys  anonymize.Keys // in memory only; the sequencer makes a visitor number of them
	index int            // of the element in a bulk
	// repeated is the sequencer's answer: an order that was counted before.
	repeated bool
}

// The way of a hit, stage by stage. Requests come in at Endpoint.ServeHTTP.
//
//	decode      matomo.Read, Params.Resolve  request → anonymize.Hit   what is odd is answered here
//	anonymise   Pipeline.Event               Hit → foule.Event + Keys  the Hit ends here
//	number      Secrets.Number, TakeOrder    Keys → visitor number     the Keys end here
//	journal     Journal.Append               Event → durable bytes     now the hit is acknowledged
//	aggregate   State.Add, State.Close       Events → storage.Batch    one batch per segment
//	store       Writer.Apply                 Batch → rows, once        the segment may go
//
// way is the first two stages, done by the handlers in parallel; the next three
// are Sequencer.write, one group after the other; the last is Drain.
func (e *Endpoint) way(p *matomo.Params, c caller, now time.Time) (counted, *matomo.Error) {
	site, fault := e.Sites.find(p)
	if fault != nil {
		return counted{}, fault
	}
	hit, fault := e.resolve(p, c, now)
	if fault != nil {
		return counted{}, fault
	}
	if hit.Goal > math.MaxUint32 || hit.Goal > 0 && !site.HasGoal(uint32(hit.Goal)) {
		return counted{}, errGoal
	}
	if !p.Rec {
		return counted{}, nil // asks not to be recorded: answered, not counted
	}
	if !hit.IP.IsValid() {
		hit.IP = c.address
	}
	event, keys := e.Pipeline.Event(&hit, site)
	return counted{event: event, keys: keys, index: p.Index}, nil
}

// resolve asks what the hit's token may do only if the hit needs one.
func (e *Endpoint) resolve(p *matomo.Params, c caller, now time.Time) (anonymize.Hit, *matomo.Error) {
	hit, fault := p.Resolve(now, false)
	if fault == nil || !fault.NeedsToken {
		return hit, fault
	}
	ok, err := e.Sites.mayWrite(c.ctx, c.token(p), p.SiteID)
	switch {
	case err != nil:
		return hit, errAway
	case ok:
		return p.Resolve(now, true)
	}
	return hit, fault
}
