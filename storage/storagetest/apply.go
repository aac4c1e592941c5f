package storagetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

const march12 foule.Day = 20524 // 2026-03-12

// pagesOn asks for the pages of a single day.
func pagesOn(d foule.Day) storage.TableQuery {
	return storage.TableQuery{Site: site, From: d, To: d, Dim: foule.DimPage, Sort: foule.Visits}
}

// A batch whose answer was lost is sent again: it must not count again, in any of its tables.
func tokenTwice(t *testing.T, s storage.Store) {
	b := &storage.Batch{
		Token:   "c/0/1",
		Minutes: []storage.MinuteRow{{Site: site, Minute: 29_000_000, Metrics: crowd(1)}},
		Hours:   []storage.HourRow{{Site: site, Hour: 490_000, Metrics: crowd(1)}},
		Days:    []storage.DayRow{plain(march12, foule.DimPage, "/", crowd(3))},
	}
	applyBatch(t, s, b)
	applyBatch(t, s, b)
	same(t, "days", visitsBy(table(t, s, pagesOn(march12)).Rows), map[string]int64{"/": 3})
	hours := series(t, s, storage.SeriesQuery{Site: site, Grain: storage.GrainHour, FromHour: 490_000, ToHour: 490_000})
	same(t, "hours", hours, []storage.Point{{Bucket: 490_000, Metrics: crowd(1)}})
	rows, err := s.Minutes(context.Background(), site, 29_000_000, 29_000_001)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "minutes", rows, b.Minutes)
}

// Two batches may well be equal; only their tokens say that they are two.
func equalBatches(t *testing.T, s storage.Store) {
	apply(t, s, "c/0/1", plain(march12, foule.DimPage, "/", crowd(3)))
	apply(t, s, "c/0/2", plain(march12, foule.DimPage, "/", crowd(3)))
	same(t, "pages", visitsBy(table(t, s, pagesOn(march12)).Rows), map[string]int64{"/": 6})
}

// Shards and collectors number their segments apart, and a segment that was set
// aside may come after later ones.
func tokensInAnyOrder(t *testing.T, s storage.Store) {
	tokens := []string{"c/0/1", "c/0/3", "c/0/2", "c/0/10", "c/1/1", "d/0/1", "c/0/0", "c/0/5", "c/0/4"}
	for range 2 {
		for _, token := range tokens {
			apply(t, s, token, plain(march12, foule.DimPage, "/", crowd(1)))
		}
	}
	same(t, "pages", visitsBy(table(t, s, pagesOn(march12)).Rows), map[string]int64{"/": int64(len(tokens))})
}

// A visit that goes on moves from one exit page to the next.
func negativeDeltas(t *testing.T, s storage.Store) {
	apply(t, s, "c/0/1", plain(march12, foule.DimPage, "/a", crowd(5)), plain(march12, foule.DimPage, "/b", crowd(1)))
	apply(t, s, "c/0/2", plain(march12, foule.DimPage, "/a", crowd(-2)), plain(march12, foule.DimPage, "/b", crowd(2)))
	res := table(t, s, pagesOn(march12))
	same(t, "pages", res, storage.TableResult{
		Rows:     []storage.Row{{Label: "/a", Metrics: crowd(3)}, {Label: "/b", Metrics: crowd(3)}},
		RowCount: 2, Sum: crowd(6),
	})
}

// A row that comes to zero is no row: a label that nobody is counted under is not shown.
func zeroRowsVanish(t *testing.T, s storage.Store) {
	both := func(token string, sign int64) {
		applyBatch(t, s, &storage.Batch{
			Token:   token,
			Minutes: []storage.MinuteRow{{Site: site, Minute: 29_000_000, Metrics: crowd(sign)}},
			Hours:   []storage.HourRow{{Site: site, Hour: 490_000, Metrics: crowd(sign)}},
			Days: []storage.DayRow{
				plain(march12, foule.DimPage, "/gone", crowd(sign)),
				plain(march12, foule.DimPage, "/stays", crowd(1)),
				plain(march12, foule.DimPage, "/never", foule.Metrics{}),
			},
		})
	}
	both("c/0/1", 1)
	both("c/0/2", -1)
	for _, r := range []struct {
		name     string
		from, to foule.Day
	}{
		{"day", march12, march12},
		{"month", march12.Month().First(), march12.Month().Last()},
	} {
		res := table(t, s, storage.TableQuery{Site: site, From: r.from, To: r.to, Dim: foule.DimPage})
		same(t, r.name, res, storage.TableResult{
			Rows: []storage.Row{{Label: "/stays", Metrics: crowd(2)}}, RowCount: 1, Sum: crowd(2),
		})
	}
	same(t, "hours", series(t, s, storage.SeriesQuery{Site: site, Grain: storage.GrainHour, FromHour: 489_999, ToHour: 490_001}), []storage.Point{})
	rows, err := s.Minutes(context.Background(), site, 28_999_999, 29_000_002)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "minutes", rows, []storage.MinuteRow{})
}

// Each counter that a dimension uses is kept under its own name, large or
// negative as it may be.
func everyMetric(t *testing.T, s storage.Store) {
	var one, big foule.Metrics
	for i := range one {
		one[i] = int64(i + 1)
		big[i] = (1 << 52) + int64(i)
	}
	big[foule.Value], big[foule.Revenue] = -1<<40, -5
	seen := map[foule.Metric]bool{}
	for _, dim := range []foule.Dimension{foule.DimCountry, foule.DimPage, foule.DimEventName, foule.DimContentName, foule.DimGoal, foule.DimExcluded} {
		used := dim.Metrics(foule.DimTotal)
		some := func(all *foule.Metrics) (m foule.Metrics) {
			for _, u := range used {
				m[u] = all[u]
			}
			return m
		}
		rows := []storage.DayRow{plain(march12, dim, "one", some(&one)), plain(march12, dim, "big", some(&big))}
		for _, u := range used {
			var only foule.Metrics
			only[u], seen[u] = 1, true
			rows = append(rows, plain(march12, dim, "only "+u.String(), only))
		}
		apply(t, s, fmt.Sprintf("c/0/%d", dim), rows...)
		for _, want := range rows {
			for _, to := range []foule.Day{march12, march12.Month().Last()} { // from days, and from a month
				q := storage.TableQuery{Site: site, From: march12.Month().First(), To: to, Dim: dim, Label: &want.Label}
				same(t, dim.String()+" "+want.Label, table(t, s, q).Rows, []storage.Row{{Label: want.Label, Metrics: want.Metrics}})
			}
		}
		q := storage.TableQuery{Site: site, From: march12, To: march12, Dim: dim, Search: "o", SortLabel: true, Ascending: true, Limit: 1}
		same(t, dim.String(), table(t, s, q).Rows, []storage.Row{{Label: "one", Metrics: some(&one)}})
	}
	if len(seen) != foule.NumMetrics {
		t.Errorf("%d of %d metrics are used by one of these dimensions", len(seen), foule.NumMetrics)
	}
}

// Rows come in any order, and a key may come twice in a batch.
func manyRows(t *testing.T, s storage.Store) {
	var rows []storage.DayRow
	want := map[string]int64{}
	for i := range 700 {
		label := fmt.Sprintf("/page/%d", i)
		want[label] = 2 * int64(i+1)
		rows = append(rows,
			plain(march12, foule.DimPage, label, crowd(int64(i))),
			plain(march12, foule.DimPage, label, crowd(1)),
			plain(march12+1, foule.DimPage, label, crowd(int64(i)+1)))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	apply(t, s, "c/0/1", rows...)
	res := table(t, s, storage.TableQuery{Site: site, From: march12.Month().First(), To: march12.Month().Last(), Dim: foule.DimPage})
	same(t, "pages", visitsBy(res.Rows), want)
	same(t, "row count", res.RowCount, len(want))
	same(t, "sum", res.Sum, crowd(700*701))
}

// Labels are whatever the web sends: they come back as they were, and stay apart.
func hostileLabels(t *testing.T, s storage.Store) {
	texts := []string{
		"", " ", "/a", "/A", "/a/", "/a ", "é", "e\u0301", "日本語", "🙂👩‍👩‍👧", `"`, "'", "''", `\`, `\'`, "`", "%", "_", "?", ":x", "$1", "{x:String}",
		"'; drop table stats_day; --", `") or 1=1 --`, "null", "0", "-1", "(total)", "\t", "a\nb", "a,b;c", "[1,2]", `{"a":1}`,
		strings.Repeat("x", foule.MaxLabelBytes), strings.Repeat("y", foule.MaxLabelBytes-4) + "🙂",
	}
	var rows []storage.DayRow
	want := map[string]int64{}
	for i, text := range texts {
		n := int64(i + 1)
		want[text] = n
		rows = append(rows, plain(march12, foule.DimPage, text, crowd(n)),
			under(plain(march12, foule.DimPage, "/under", crowd(n)), foule.DimSource, text))
	}
	apply(t, s, "c/0/1", rows...)
	res := table(t, s, pagesOn(march12))
	same(t, "all", visitsBy(res.Rows), want)
	for _, text := range texts {
		q := pagesOn(march12)
		q.Label = &text
		same(t, "label "+text, visitsBy(table(t, s, q).Rows), map[string]int64{text: want[text]})
		q = pagesOn(march12)
		q.Filter = &storage.Filter{Dim: foule.DimSource, Label: text}
		same(t, "under "+text, visitsBy(table(t, s, q).Rows), map[string]int64{"/under": want[text]})
		if text == "" {
			continue
		}
		q = pagesOn(march12)
		q.Search = text
		if _, ok := visitsBy(table(t, s, q).Rows)[text]; !ok {
			t.Errorf("search for %q does not find it", text)
		}
	}
}

// Nothing of a batch is added when its context is over, and it can be sent again.
func cancelledApply(t *testing.T, s storage.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := &storage.Batch{Token: "c/0/1", Days: []storage.DayRow{plain(march12, foule.DimPage, "/", crowd(1))}}
	if err := s.Apply(ctx, b); err == nil {
		t.Fatal("Apply with a cancelled context: no error")
	}
	same(t, "before", table(t, s, pagesOn(march12)), storage.TableResult{})
	applyBatch(t, s, b)
	same(t, "after", visitsBy(table(t, s, pagesOn(march12)).Rows), map[string]int64{"/": 1})
}

// Readers go on while batches come in from two shards, and never see counts go down.
func applyWhileReading(t *testing.T, s storage.Store) {
	const shards, batches = 2, 15
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for shard := range shards {
		writers.Go(func() {
			for n := range batches {
				b := &storage.Batch{Token: fmt.Sprintf("c/%d/%d", shard, n), Days: []storage.DayRow{
					plain(march12, foule.DimPage, "/", crowd(1)),
					plain(march12, foule.DimPage, fmt.Sprintf("/%d/%d", shard, n), crowd(1)),
				}}
				if err := s.Apply(context.Background(), b); err != nil {
					t.Errorf("Apply(%s): %v", b.Token, err)
				}
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			var before int64
			for {
				select {
				case <-done:
					return
				default:
				}
				res, err := s.Table(context.Background(), pagesOn(march12))
				if err != nil {
					t.Errorf("Table: %v", err)
					return
				}
				if now := res.Sum[foule.Visits]; now < before {
					t.Errorf("visits went from %d to %d", before, now)
				} else {
					before = now
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	res := table(t, s, pagesOn(march12))
	same(t, "sum", res.Sum, crowd(2*shards*batches))
	same(t, "row count", res.RowCount, shards*batches+1)
}
