package foule

// Metric names one counter of an aggregate row. Values are stored under the
// metric's name, never its number, so the list may grow at its end.
type Metric uint8

// The metrics. All are signed 64-bit sums; a dimension uses those that make
// sense for it and leaves the rest at zero.
const (
	Visitors        Metric = iota // different visitors of the day; longer ranges sum days
	Visits                        // visits (Matomo nb_visits); of a page: visits that saw it (unique page views)
	Hits                          // page views of a total, a visit dimension or a page; occurrences of a download, outlink, search or custom event
	Actions                       // Matomo nb_actions: page views, downloads, outlinks, searches, custom events
	Bounces                       // visits with at most one action
	Seconds                       // total visit length; of a page or title: time on page
	ConvertedVisits               // visits with at least one conversion
	Conversions                   // goal conversions and orders
	Revenue                       // in minor units (cents) of the site's currency
	Entries                       // of a page or title: visits that began here
	EntryBounces                  // of a page or title: of Entries, those that bounced
	Exits                         // of a page or title: visits that ended here
	Value                         // sum of custom event values, in thousandths; of timings, in milliseconds
	ValueCount                    // custom events that carried a value; timings that were measured
	Interactions                  // of content: interactions, beside Hits, its impressions
	Quantity                      // items of orders and carts
	NumMetrics      = iota        // number of metrics
)

var metricNames = [NumMetrics]string{
	"visitors", "visits", "hits", "actions", "bounces", "seconds",
	"converted_visits", "conversions", "revenue",
	"entries", "entry_bounces", "exits", "value", "value_count",
	"interactions", "quantity",
}

// String gives the metric's stable name, as used in columns and JSON.
func (m Metric) String() string { return metricNames[m] }

// ParseMetric finds a metric by its stable name.
func ParseMetric(name string) (Metric, bool) {
	for i, n := range metricNames {
		if n == name {
			return Metric(i), true
		}
	}
	return 0, false
}

// Metrics is one row of counters, indexed by [Metric].
type Metrics [NumMetrics]int64

// Add adds o to m.
func (m *Metrics) Add(o *Metrics) {
	for i := range m {
		m[i] += o[i]
	}
}

// Sub takes o from m.
func (m *Metrics) Sub(o *Metrics) {
	for i := range m {
		m[i] -= o[i]
	}
}

// IsZero says whether every counter is zero.
func (m *Metrics) IsZero() bool { return *m == Metrics{} }
