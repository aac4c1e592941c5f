package crowd

import (
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/storage"
)

// Day counts a day in one segment: the rows that a store holds of it when
// everything is merged. It gives the number of hits too.
func (s *Site) Day(day foule.Day) (*storage.Batch, int) {
	hits := 0
	state := aggregate.New()
	state.Begin(aggregate.DefaultSettings, (int64(day)+1)*86400)
	s.Events(day, func(e *foule.Event) {
		state.Add(e)
		hits++
	})
	return state.Close(fmt.Sprintf("crowd-%d/0/%d", s.ID, day)), hits
}

// Stream counts a day as a collector does: a segment ends when so many seconds
// have passed since it began, and each segment is a batch.
func (s *Site) Stream(day foule.Day, seconds int64, each func(b *storage.Batch, hits int) error) error {
	state := aggregate.New()
	var err error
	var ends int64
	segment, hits := 0, 0
	end := func() {
		if hits == 0 || err != nil {
			return
		}
		segment++
		err = each(state.Close(fmt.Sprintf("crowd-%d/%d/%d", s.ID, day, segment)), hits)
		hits = 0
	}
	s.Events(day, func(e *foule.Event) {
		if e.Time >= ends {
			end()
			ends = e.Time - e.Time%seconds + seconds
			state.Begin(aggregate.DefaultSettings, ends)
		}
		state.Add(e)
		hits++
	})
	end()
	return err
}
