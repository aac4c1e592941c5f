package ingest

import (
	"fmt"
	"io"

	"foule.eu/foule"
	"github.com/VictoriaMetrics/metrics"
)

// Metrics are the collector's own counters. Labels are constants of the code,
// never anything a client sent.
type Metrics struct {
	set       *metrics.Set
	hits      [foule.KindExcluded + 1]*metrics.Counter
	groups    *metrics.Counter
	batches   *metrics.Counter
	rows      *metrics.Counter
	retries   *metrics.Counter
	truncated *metrics.Counter
	setAside  *metrics.Counter
}

var kindNames = [foule.KindExcluded + 1]string{
	foule.KindPageView: "page_view", foule.KindDownload: "download", foule.KindOutlink: "outlink", foule.KindSearch: "search",
	foule.KindCustom: "custom_event", foule.KindContent: "content", foule.KindConversion: "conversion", foule.KindPing: "ping",
	foule.KindExcluded: "excluded",
}

// NewMetrics gives counters at zero.
func NewMetrics() *Metrics {
	s := metrics.NewSet()
	m := &Metrics{
		set:       s,
		groups:    s.NewCounter("foule_journal_groups_total"),
		batches:   s.NewCounter("foule_batches_applied_total"),
		rows:      s.NewCounter("foule_rows_applied_total"),
		retries:   s.NewCounter("foule_store_retries_total"),
		truncated: s.NewCounter("foule_journal_truncated_bytes_total"),
		setAside:  s.NewCounter("foule_journal_segments_set_aside_total"),
	}
	for k, name := range kindNames {
		if name != "" {
			m.hits[k] = s.NewCounter(fmt.Sprintf("foule_hits_total{kind=%q}", name))
		}
	}
	return m
}

// Write prints the counters in Prometheus' text form.
func (m *Metrics) Write(w io.Writer) { m.set.WritePrometheus(w) }

func (m *Metrics) refused(reason string) {
	m.set.GetOrCreateCounter(fmt.Sprintf("foule_requests_refused_total{reason=%q}", reason)).Inc()
}

func (m *Metrics) counted(e *foule.Event) { m.hits[e.Kind].Inc() }
