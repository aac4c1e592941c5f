package ingest

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
)

// TestLongGroup: hits that wait together and are all as long as may be are not
// refused for what they come to together.
func TestLongGroup(t *testing.T) {
	const requests, hits = 10, 1000
	s, drain, err := NewSequencer(SequencerOptions{
		Dir: t.TempDir(), Thresholds: aggregate.DefaultSettings, Interval: time.Hour, MaxEvents: 1 << 30, Snapshot: time.Hour,
		Secrets: anonymize.NewSecrets(time.Hour, time.Now), Store: newStore(), Metrics: NewMetrics(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	long := counted{keys: anonymize.Keys{Visitor: anonymize.Key{1}}, event: foule.Event{
		Site: 1, Day: 20000, Time: 20000 * 86400, Kind: foule.KindPageView, Channel: foule.ChannelDirect, Page: "/" + strings.Repeat("x", 8000),
	}}
	answers := make(chan error)
	for range requests {
		many := make([]counted, hits)
		for i := range many {
			many[i] = long
		}
		go func() { answers <- s.Submit(t.Context(), many) }()
	}
	eventually(t, "all wait", func() bool { return len(s.queue) == requests })
	go s.Run()
	for range requests {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	go drain.Run(t.Context())
	s.Stop()
	drain.Finish()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
