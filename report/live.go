package report

import (
	"context"
	"fmt"
	"time"

	"foule.eu/foule"
)

// LiveMinutes is how far back [Service.Live] looks.
const LiveMinutes = 30

// Live says who is here now. A visit counts once, in the last minute in which
// it was active, so the minutes add up.
type Live struct {
	Visitors5  int64        // active in the last 5 minutes
	Visitors30 int64        // active in the last 30 minutes
	Minutes    []LiveMinute // LiveMinutes of them, oldest first, the last being the running one
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
	first := last - LiveMinutes + 1
	rows, err := s.Store.Minutes(ctx, site.ID, first, last+1)
	if err != nil {
		return Live{}, fmt.Errorf("report: live of site %d: %w", site.ID, err)
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
