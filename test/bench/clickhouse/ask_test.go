package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// timed notes how long each query takes, beside the question of which it is a part.
type timed struct {
	storage.Reader
	mu    sync.Mutex
	times []time.Duration // guarded by mu
}

func (s *timed) note(start time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times = append(s.times, time.Since(start))
}

func (s *timed) Table(ctx context.Context, q storage.TableQuery) (storage.TableResult, error) {
	defer s.note(time.Now())
	return s.Reader.Table(ctx, q)
}

func (s *timed) SeriesOf(ctx context.Context, q storage.SeriesQuery, labels []string) ([][]storage.Point, error) {
	defer s.note(time.Now())
	return s.Reader.SeriesOf(ctx, q, labels)
}

// asker asks a store for reports over one range.
type asker struct {
	t       *testing.T
	service *report.Service
	queries *timed
	from    foule.Day
	to      foule.Day
	busy    map[foule.Dimension]string // see busiest
}

// newAsker asks as on the last day of the range.
func newAsker(t *testing.T, store storage.Reader, from, to foule.Day) *asker {
	q := &timed{Reader: store}
	service := report.New(q)
	service.Now = func() time.Time { return time.Unix(int64(to)*86400, 0) }
	return &asker{t, service, q, from, to, map[foule.Dimension]string{}}
}

// ask asks a question and gives how long it took.
func (a *asker) ask(q report.Question) time.Duration { return a.askIn(context.Background(), q) }

func (a *asker) askIn(ctx context.Context, q report.Question) time.Duration {
	q.Site, q.From, q.To = foule.Site{ID: site, Timezone: "UTC"}, a.from, a.to
	start := time.Now()
	if _, err := a.service.Ask(ctx, q); err != nil {
		a.t.Fatal(err)
	}
	return time.Since(start)
}

// filters gives a busy label of each dimension that a report can be asked under:
// its most frequent one, under which there are most rows.
func (a *asker) filters(r *report.Report) (list []*storage.Filter) {
	for dim := range foule.Dimension(foule.NumDimensions) {
		fits := r.Dim.HasRowsUnder(dim) && dim.Info().Filter || r.Dim == foule.DimTotal && dim.Info().Filter
		if r.Under != foule.DimTotal {
			fits = dim == r.Under
		}
		if fits && a.busiest(dim) != "" {
			list = append(list, &storage.Filter{Dim: dim, Label: a.busiest(dim)})
		}
	}
	return list
}

// busiest gives a dimension's most frequent label, "" if it has none.
func (a *asker) busiest(dim foule.Dimension) string {
	if label, ok := a.busy[dim]; ok {
		return label
	}
	table, err := a.queries.Reader.Table(context.Background(), storage.TableQuery{
		Site: site, From: a.from, To: a.to, Dim: dim, Sort: foule.Hits, Limit: 1, HideEmpty: true,
	})
	if err != nil {
		a.t.Fatal(err)
	}
	a.busy[dim] = ""
	if len(table.Rows) > 0 {
		a.busy[dim] = table.Rows[0].Label
	}
	return a.busy[dim]
}

// everyReport asks for each report that has rows so many times, and a quarter as
// often under each filter that it can have. It gives the times of all of them,
// plain and filtered, and how many reports have no rows.
func (a *asker) everyReport(times int, each func(r *report.Report, plain, filtered []time.Duration)) (plain, filtered []time.Duration, empty int) {
	for _, r := range report.All() {
		if r.Dim != foule.DimTotal && r.Under == foule.DimTotal && a.busiest(r.Dim) == "" {
			empty++
			continue
		}
		var without, with []time.Duration
		for range times {
			if r.Under == foule.DimTotal {
				without = append(without, a.ask(report.Question{Report: r.Name}))
			}
		}
		for _, f := range a.filters(r) {
			for range max(1, times/4) {
				with = append(with, a.ask(report.Question{Report: r.Name, Filter: f}))
			}
		}
		each(r, without, with)
		plain, filtered = append(plain, without...), append(filtered, with...)
	}
	return plain, filtered, empty
}

// ask measures the reports over the whole run, a month and a day, and what else a
// dashboard asks.
func ask(t *testing.T, y *year, store *clickhouse.Store) {
	whole := newAsker(t, store, y.First, y.last())
	fmt.Printf("\nEvery report over %d days\n%-26s %21s   %21s\n", y.Days.Days, "", "plain p50 p99", "filtered p50 p99")
	var slow slowest
	plain, filtered, empty := whole.everyReport(*times, func(r *report.Report, plain, filtered []time.Duration) {
		fmt.Printf("%-26s %21s   %21s\n", r.Name, spread(plain), spread(filtered))
		slow.note(r, plain)
	})
	fmt.Printf("(%d reports have no rows on this site)\n", empty)
	fmt.Printf("\n%-26s %21s   %21s   %21s   %s\n", "All reports", "plain p50 p99", "filtered p50 p99", "each query p50 p99", "slowest, plain p50 p99")
	line := func(name string, plain, filtered []time.Duration, slow slowest, a *asker) {
		fmt.Printf("%-26s %21s   %21s   %21s   %s\n", name, spread(plain), spread(filtered), spread(a.queries.times), slow)
	}
	line(fmt.Sprintf("%d days", y.Days.Days), plain, filtered, slow, whole)
	for _, r := range []struct {
		name string
		from foule.Day
	}{{"12 months up to today", (y.last().Month() - 11).First()}, {"30 days", y.last() - 29}, {"one day", y.last()}} {
		a := newAsker(t, store, max(r.from, y.First), y.last())
		var slow slowest
		plain, filtered, _ := a.everyReport(max(4, *times/4), func(r *report.Report, plain, _ []time.Duration) { slow.note(r, plain) })
		line(r.name, plain, filtered, slow, a)
	}
	fmt.Println()
	more(whole, newAsker(t, store, y.last()-29, y.last()))
}

// slowest is the plain report with the highest median.
type slowest struct {
	report string
	times  []time.Duration
}

func (s *slowest) note(r *report.Report, times []time.Duration) {
	times = slices.Sorted(slices.Values(times))
	if len(times) > 0 && (s.report == "" || percentile(times, 50) > percentile(s.times, 50)) {
		s.report, s.times = r.Name, times
	}
}

func (s slowest) String() string { return fmt.Sprintf("%s (%s)", spread(s.times), s.report) }

// more asks what is no table.
func more(whole, month *asker) {
	totals, _ := report.ByName("totals")
	filters := whole.filters(totals)
	show := func(name string, a *asker, qs ...report.Question) {
		var list []time.Duration
		for range *times {
			for _, q := range qs {
				list = append(list, a.ask(q))
			}
		}
		fmt.Printf("%-40s %21s\n", name, spread(list))
	}
	var filtered []report.Question
	for _, f := range filters {
		filtered = append(filtered, report.Question{Report: "totals", Filter: f, Grain: report.GrainDay})
	}
	show("totals by day, whole range", whole, report.Question{Report: "totals", Grain: report.GrainDay})
	show("totals by day, filtered", whole, filtered...)
	show("totals by month", whole, report.Question{Report: "totals", Grain: report.GrainMonth})
	show("totals by hour, 30 days", month, report.Question{Report: "totals", Grain: report.GrainHour})
	show("ten countries by day, whole range", whole, report.Question{Report: "countries", Grain: report.GrainDay})
	show("pages, a search", whole, report.Question{Report: "pages", Search: "garden"})
	show("pages, by bounce rate", whole, report.Question{Report: "entry-pages", Sort: "bounce_rate"})
	var list []time.Duration
	for range *times {
		list = append(list, overview(whole))
	}
	fmt.Printf("%-40s %21s\n", "an overview: eleven questions at once", spread(list))
}

// overview asks what an overview asks, at once, and gives the time until the last answer.
func overview(a *asker) time.Duration {
	start := time.Now()
	ctx := report.Together(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { a.askIn(ctx, report.Question{Report: "totals", Grain: report.GrainDay}) })
	for _, name := range []string{"pages", "entry-pages", "sources", "channels", "countries", "devices", "browsers", "systems", "goals", "campaigns"} {
		wg.Go(func() { a.askIn(ctx, report.Question{Report: name, Limit: 10}) })
	}
	wg.Wait()
	return time.Since(start)
}

// compare asks both stores for the last days, which both have.
func compare(t *testing.T, y *year, store *clickhouse.Store, beside *embedded) {
	fmt.Printf("%-12s %21s   %21s   %21s\n", "", "plain p50 p99", "filtered p50 p99", "each query p50 p99")
	for _, s := range []struct {
		name string
		storage.Reader
	}{{"ClickHouse", store}, {"SQLite", beside.Store}} {
		a := newAsker(t, s.Reader, y.last()-foule.Day(*sqliteDays)+1, y.last())
		plain, filtered, _ := a.everyReport(max(4, *times/4), func(*report.Report, []time.Duration, []time.Duration) {})
		fmt.Printf("%-12s %21s   %21s   %21s\n", s.name, spread(plain), spread(filtered), spread(a.queries.times))
	}
}

// roundTrip says what a query costs that the server has nothing to do for, with as
// many settings and bound values as a table has: driver, HTTP and, on the engine
// of the tests, its bridge, which sets each by a statement of its own. A real
// server takes about a millisecond.
func roundTrip(t *testing.T) {
	conn := clickhousetest.Connect(t, *dsn)
	defer conn.Close()
	ctx := driver.Context(context.Background(), driver.WithSettings(driver.Settings{
		"readonly": 2, "max_execution_time": 30, "max_memory_usage": 4 << 30, "max_rows_to_read": 2_000_000_000,
	}))
	text := "select {site:UInt32}, {dim:UInt8}, {by_dim:UInt8}, {by_label:String}, {from:UInt16}, {to:UInt16}, {other:String}, {limit:UInt64}"
	args := []any{
		driver.Named("site", uint32(1)), driver.Named("dim", uint8(1)), driver.Named("by_dim", uint8(0)), driver.Named("by_label", ""),
		driver.Named("from", uint16(1)), driver.Named("to", uint16(2)), driver.Named("other", foule.Other), driver.Named("limit", uint64(100)),
	}
	var list []time.Duration
	for range 200 {
		start := time.Now()
		rows, err := conn.Query(ctx, text, args...)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
		list = append(list, time.Since(start))
	}
	fmt.Printf("a query without work: %s (p50 p99)\n", spread(list))
}

// percentile gives the p-th of sorted times.
func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// spread writes median and 99th percentile.
func spread(list []time.Duration) string {
	if len(list) == 0 {
		return "–"
	}
	list = slices.Sorted(slices.Values(list))
	return fmt.Sprintf("%9v %9v", round(percentile(list, 50)), round(percentile(list, 99)))
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
