package clickhouse

import (
	"cmp"
	"slices"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// keyed is a row on its way in. Rows by minute have neither dimension nor
// filter, rows by hour no filter.
type keyed struct {
	site    foule.SiteID
	dim, by foule.Dimension
	byLabel string
	bucket  int64 // start of the minute or hour in Unix seconds, or foule.Day
	label   string
	month   foule.Month // the partition it goes to
	foule.Metrics
}

// compareKeys orders rows as the tables do, within their month.
func compareKeys(a, b keyed) int {
	return cmp.Or(
		cmp.Compare(a.month, b.month),
		cmp.Compare(a.site, b.site), cmp.Compare(a.dim, b.dim),
		cmp.Compare(a.by, b.by), cmp.Compare(a.byLabel, b.byLabel),
		cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.label, b.label),
	)
}

// chunk is a block on its way in: rows of one month, sorted, no key twice.
type chunk struct {
	table *tableColumns
	rows  []keyed
}

// tableColumns are a table's columns but for the metrics, which come after
// them in every table, and how they are taken from rows.
type tableColumns struct {
	keys   []driver.ColumnNameAndType
	values []func([]keyed) any
}

func (t *tableColumns) column(name, typ string, values func([]keyed) any) {
	t.keys = append(t.keys, driver.ColumnNameAndType{Name: name, Type: typ})
	t.values = append(t.values, values)
}

// take gives one column's values.
func take[T any](of func(*keyed) T) func([]keyed) any {
	return func(rows []keyed) any {
		values := make([]T, len(rows))
		for i := range rows {
			values[i] = of(&rows[i])
		}
		return values
	}
}

var minuteColumns, hourColumns, dayColumns, monthColumns = func() (minute, hour, day, month tableColumns) {
	site := take(func(r *keyed) uint32 { return uint32(r.site) })
	moment := take(func(r *keyed) int64 { return r.bucket })
	date := take(func(r *keyed) time.Time { return time.Unix(r.bucket*86400, 0).UTC() })
	dim := take(func(r *keyed) uint8 { return uint8(r.dim) })
	by := take(func(r *keyed) uint8 { return uint8(r.by) })
	label := take(func(r *keyed) string { return r.label })
	byLabel := take(func(r *keyed) string { return r.byLabel })
	for _, t := range []*tableColumns{&minute, &hour, &day, &month} {
		t.column("site", "UInt32", site)
	}
	minute.column("minute", "DateTime('UTC')", moment)
	hour.column("dim", "UInt8", dim)
	hour.column("hour", "DateTime('UTC')", moment)
	hour.column("label", "String", label)
	for name, t := range map[string]*tableColumns{"day": &day, "month": &month} {
		t.column("dim", "UInt8", dim)
		t.column("by_dim", "UInt8", by)
		t.column("by_label", "String", byLabel)
		t.column(name, "Date", date)
		t.column("label", "String", label)
	}
	return minute, hour, day, month
}()

// stamped gives the chunk with its token in a column, see dialect.Batch.
func (c chunk) stamped(token string) chunk {
	table := tableColumns{slices.Clone(c.table.keys), slices.Clone(c.table.values)}
	table.column("batch", "String", take(func(*keyed) string { return token }))
	return chunk{&table, c.rows}
}

// columns are those of the table, in the order of values.
func (c chunk) columns() []driver.ColumnNameAndType {
	columns := slices.Clone(c.table.keys)
	for m := range foule.NumMetrics {
		columns = append(columns, driver.ColumnNameAndType{Name: foule.Metric(m).String(), Type: "Int64"})
	}
	return columns
}

func (c chunk) values() []any {
	var columns []any
	for _, of := range c.table.values {
		columns = append(columns, of(c.rows))
	}
	for m := range foule.NumMetrics {
		columns = append(columns, take(func(r *keyed) int64 { return r.Metrics[m] })(c.rows))
	}
	return columns
}

// chunks sorts rows, adds up those with the same key, leaves out those that
// come to zero, and cuts: between months, since a block becomes a part per
// partition, and after maxChunkRows. The same rows give the same chunks.
func chunks(table *tableColumns, rows []keyed) (cut []chunk) {
	slices.SortFunc(rows, compareKeys)
	sums := rows[:0]
	for i := 0; i < len(rows); {
		sum := rows[i]
		for i++; i < len(rows) && compareKeys(rows[i], sum) == 0; i++ {
			sum.Add(&rows[i].Metrics)
		}
		if !sum.IsZero() {
			sums = append(sums, sum)
		}
	}
	for len(sums) > 0 {
		n := 1
		for n < len(sums) && n < maxChunkRows && sums[n].month == sums[0].month {
			n++
		}
		cut = append(cut, chunk{table, sums[:n]})
		sums = sums[n:]
	}
	return cut
}

func minuteChunks(minutes []storage.MinuteRow) []chunk {
	rows := make([]keyed, len(minutes))
	for i, r := range minutes {
		rows[i] = keyed{site: r.Site, bucket: clamp(r.Minute*60, maxDateTime), Metrics: r.Metrics}
		rows[i].month = dayOf(rows[i].bucket).Month()
	}
	return chunks(&minuteColumns, rows)
}

func hourChunks(hours []storage.HourRow) []chunk {
	rows := make([]keyed, len(hours))
	for i, r := range hours {
		rows[i] = keyed{site: r.Site, dim: r.Dim, label: r.Label, bucket: clamp(r.Hour*3600, maxDateTime), Metrics: r.Metrics}
		rows[i].month = dayOf(rows[i].bucket).Month()
	}
	return chunks(&hourColumns, rows)
}

func dayChunks(days []storage.DayRow) []chunk {
	return chunks(&dayColumns, byDay(days, func(d foule.Day) foule.Day { return d }))
}

// monthChunks are the same rows under the first day of their month.
func monthChunks(days []storage.DayRow) []chunk {
	return chunks(&monthColumns, byDay(days, func(d foule.Day) foule.Day { return d.Month().First() }))
}

func byDay(days []storage.DayRow, bucket func(foule.Day) foule.Day) []keyed {
	rows := make([]keyed, len(days))
	for i, r := range days {
		day := clamp(r.Day, maxDate)
		rows[i] = keyed{
			site: r.Site, dim: r.Dim, label: r.Label, by: r.By, byLabel: r.ByLabel,
			bucket: int64(bucket(day)), month: day.Month(), Metrics: r.Metrics,
		}
	}
	return rows
}

// The last moment and day that the tables can hold, in 2106; the first ones are
// those of 1970. What lies outside is counted at the near end.
const (
	maxDateTime int64     = 1<<32 - 3600
	maxDate     foule.Day = 49_709
)

func clamp[T int64 | foule.Day](v, most T) T { return min(max(v, 0), most) }

func dayOf(seconds int64) foule.Day { return foule.Day(seconds / 86400) }
