package clickhouse

import (
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// countersFill says how the counters of a range of days are read, see
// sql/query/counters.sql: whole months from the table by month, if that is worth
// it, the other days from that by day. What a question costs goes by parts and
// columns: a year by days has thirteen parts and more, by month two, and a
// dimension uses half of the counters or fewer.
type countersFill struct {
	Metrics []foule.Metric
	By      string // what the rows are told apart by: "label", "label, bucket" (a month), or "" for one sum
	Tables  []dayTable
	Months  bool // whole months of the range are read by month

	Labels []string // the names under which the labels are bound, see among; all labels if there is none

	Search, HideEmpty, HideOther bool
}

// Several says whether the rows come from both tables, so that they have to be
// added up once more.
func (f countersFill) Several() bool { return len(f.Tables) > 1 }

// Part begins the names of a table's sums.
func (f countersFill) Part() string {
	if f.Several() {
		return "part"
	}
	return "sum"
}

// fewMonths is how many whole months have to lie between a range's ends inside
// months for them to be read by month: a second table costs what the days of
// three months do.
const fewMonths = 4

// dayTable is a table of counters and its column of time.
type dayTable struct{ Name, Day string }

// counters gives how to read a dimension's counters over a range, which begins
// no later than it ends, and the values that this binds.
func counters(site foule.SiteID, dim foule.Dimension, from, to foule.Day, f *storage.Filter) (countersFill, values) {
	v := dayValues(site, dim, from, to, f)
	fill := countersFill{Metrics: metricsUnder(dim, f)}
	from, to = clamp(from, maxDate), clamp(to, maxDate)
	first, last := from.Month(), to.Month()
	if from > first.First() {
		first++
	}
	if to < last.Last() {
		last--
	}
	edges := from < first.First() || to > last.Last()
	fill.Months = first <= last && (!edges || last-first+1 >= fewMonths)
	if fill.Months {
		fill.Tables = append(fill.Tables, dayTable{"stats_month", "month"})
		v["first"], v["last"] = uint16(first.First()), uint16(last.Last())
	}
	if edges || !fill.Months {
		fill.Tables = append(fill.Tables, dayTable{"stats_day", "day"})
	}
	return fill, v
}

// among narrows the question to labels, each bound by a name of its own, and gives
// their places.
func (f *countersFill) among(labels []string, v values) map[string]int {
	places := make(map[string]int, len(labels))
	for i, label := range labels {
		name := fmt.Sprintf("label_%d", i)
		f.Labels, v[name], places[label] = append(f.Labels, name), label, i
	}
	return places
}

// metricsUnder are the counters that a dimension's rows use under a filter.
func metricsUnder(dim foule.Dimension, f *storage.Filter) []foule.Metric {
	if f == nil {
		return dim.Metrics(foule.DimTotal)
	}
	return dim.Metrics(f.Dim)
}

// dayValues bind what every question by day has.
func dayValues(site foule.SiteID, dim foule.Dimension, from, to foule.Day, f *storage.Filter) values {
	v := values{
		"site": uint32(site), "dim": uint8(dim), "by_dim": uint8(foule.DimTotal), "by_label": "",
		"from": uint16(clamp(from, maxDate)), "to": uint16(clamp(to, maxDate)),
	}
	if f != nil {
		v["by_dim"], v["by_label"] = uint8(f.Dim), f.Label
	}
	return v
}

// into are where a row's metrics are scanned to.
func into(m *foule.Metrics, used []foule.Metric) []any {
	to := make([]any, len(used))
	for i, u := range used {
		to[i] = &m[u]
	}
	return to
}
