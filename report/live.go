package report

import (
	"context"
	"fmt"
	"sync"
	"time"

	"foule.eu/foule"
)

// LiveMinutes is how far back [Service.Live] looks.
const LiveMinutes = 30

// Live says who is here now. A visit counts once, in the last minute in which
// it was active, so the minutes add up.
//
// Where figures leave rounded, it looks back from the last five minutes by the
// clock that are over, changes with them only, and tells no single minutes.
type Live struct {
	Visitors5  int64        // active in the last 5 minutes
	Visitors30 int64        // active in the last 30 minutes
	Minutes    []LiveMinute // LiveMinutes of them, oldest first, the last being the running one

	Disclosure *Disclosure // as of an Answer
}

// LiveMinute is one minute of Live.
type LiveMinute struct {
	Start    time.Time // UTC
	Visitors int64     // whose last activity so far was in this minute
}

// Live counts the visitors of the last 5 and 30 minutes before now, the running
// minute included.
func (s *Service) Live(ctx context.Context, site foule.Site, now time.Time) (Live, error) {
	last := now.Unix() / 60
	d := DisclosureOf(&site)
	if d == nil {
		return s.live(ctx, site.ID, last)
	}
	last = last/liveStep*liveStep - 1
	return s.glimpses.once(site.ID, last, func() (Live, error) {
		live, err := s.live(ctx, site.ID, last)
		return Live{Visitors5: d.Round(live.Visitors5), Visitors30: d.Round(live.Visitors30), Disclosure: d}, err
	})
}

// liveStep is how often, in minutes, rounded live figures change.
const liveStep = 5

func (s *Service) live(ctx context.Context, site foule.SiteID, last int64) (Live, error) {
	first := last - LiveMinutes + 1
	rows, err := s.Store.Minutes(ctx, site, first, last+1)
	if err != nil {
		return Live{}, fmt.Errorf("report: live of site %d: %w", site, err)
	}
	live := Live{Minutes: make([]LiveMinute, LiveMinutes)}
	for i := range live.Minutes {
		live.Minutes[i].Start = time.Unix((first+int64(i))*60, 0).UTC()
	}
	for i := range rows {
		n := rows[i].Metrics[foule.Visits]
		live.Minutes[rows[i].Minute-first].Visitors += n
		live.Visitors30 += n
		if rows[i].Minute > last-5 {
			live.Visitors5 += n
		}
	}
	return live, nil
}

// glimpses keeps each site's last rounded Live until its five minutes are over:
// visits move on to later minutes while one looks, and the moment at which a
// rounded figure changes would tell the exact one.
type glimpses struct {
	mu   sync.Mutex
	seen map[foule.SiteID]glimpse // guarded by mu
}

type glimpse struct {
	last int64
	live Live
}

// once looks unless it has; of those who look at once, the first is believed.
func (g *glimpses) once(site foule.SiteID, last int64, look func() (Live, error)) (Live, error) {
	if old, ok := g.get(site, last); ok {
		return old, nil
	}
	live, err := look()
	if err != nil {
		return live, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if old := g.seen[site]; old.last == last {
		return old.live, nil
	}
	if g.seen == nil {
		g.seen = map[foule.SiteID]glimpse{}
	}
	g.seen[site] = glimpse{last, live}
	return live, nil
}

func (g *glimpses) get(site foule.SiteID, last int64) (Live, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	old, ok := g.seen[site]
	return old.live, ok && old.last == last
}
