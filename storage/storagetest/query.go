package storagetest

import (
	"context"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// The total is a dimension of its own with the one label "".
func tableOfTotal(t *testing.T, s storage.Store) {
	apply(t, s, "c/0/1",
		plain(march12, foule.DimTotal, "", crowd(10)),
		plain(march12+1, foule.DimTotal, "", crowd(5)),
		under(plain(march12, foule.DimTotal, "", crowd(4)), foule.DimCountry, "FR"),
	)
	q := storage.TableQuery{Site: site, From: march12, To: march12 + 1}
	same(t, "total", table(t, s, q), storage.TableResult{
		Rows: []storage.Row{{Label: "", Metrics: crowd(15)}}, RowCount: 1, Sum: crowd(15),
	})
	q.Filter = &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
	same(t, "filtered total", table(t, s, q).Sum, crowd(4))
}

// Sites share labels and days and nothing else.
func sitesApart(t *testing.T, s storage.Store) {
	other := plain(march12, foule.DimPage, "/", crowd(9))
	other.Site = site + 1
	early := other
	early.Day -= 100
	apply(t, s, "c/0/1", plain(march12, foule.DimPage, "/", crowd(1)), other, early)
	same(t, "ours", visitsBy(table(t, s, pagesOn(march12)).Rows), map[string]int64{"/": 1})
	q := pagesOn(march12)
	q.Site++
	q.From -= 365
	same(t, "theirs", visitsBy(table(t, s, q).Rows), map[string]int64{"/": 18})
}

// However a range lies over months, a table is the sum of its days.
func tableRanges(t *testing.T, s storage.Store) {
	first, last := day(t, "2024-11-01"), day(t, "2026-04-20")
	count := func(d foule.Day) int64 { return int64(d-first)%17 + 1 }
	var rows []storage.DayRow
	for d := first; d <= last; d++ {
		rows = append(rows, plain(d, foule.DimPage, "/every-day", crowd(count(d))))
		if d.Weekday() == 1 {
			rows = append(rows, plain(d, foule.DimPage, "/mondays", crowd(1)))
		}
	}
	apply(t, s, "c/0/1", rows...)
	for _, r := range [][2]string{
		{"2026-03-12", "2026-03-12"}, // a day
		{"2026-03-01", "2026-03-01"}, // the first of a month
		{"2026-03-31", "2026-03-31"}, // the last
		{"2026-03-02", "2026-03-31"}, // a month but its first day
		{"2026-03-01", "2026-03-30"}, // a month but its last day
		{"2026-03-05", "2026-03-25"}, // most of a month, neither end
		{"2026-03-01", "2026-03-31"}, // a month
		{"2026-02-20", "2026-03-05"}, // over one end of month
		{"2026-02-02", "2026-03-30"}, // most of two months
		{"2026-02-25", "2026-04-03"}, // a month and days on both sides
		{"2025-12-31", "2026-01-01"}, // over the new year
		{"2025-01-01", "2025-12-31"}, // a year
		{"2025-03-15", "2026-03-14"}, // a year from mid-month
		{"2025-04-21", "2026-04-20"}, // a year up to today
		{"2026-04-01", "2026-04-30"}, // the month that is not over
		{"2026-04-02", "2026-05-31"}, // up to the future
		{"2020-01-01", "2030-12-31"}, // more than there is
		{"2024-11-10", "2024-11-20"}, // in the first month
		{"2024-10-15", "2024-11-28"}, // from before the first month
		{"2026-03-12", "2026-03-11"}, // nothing
		{"2026-05-12", "2026-03-11"}, // even less
	} {
		from, to := day(t, r[0]), day(t, r[1])
		want := map[string]int64{}
		var visits int64
		for d := max(from, first); d <= min(to, last); d++ {
			want["/every-day"] += count(d)
			visits += count(d)
			if d.Weekday() == 1 {
				want["/mondays"]++
				visits++
			}
		}
		q := storage.TableQuery{Site: site, From: from, To: to, Dim: foule.DimPage}
		res := table(t, s, q)
		same(t, r[0]+" to "+r[1], visitsBy(res.Rows), want)
		same(t, r[0]+" to "+r[1]+" sum", res.Sum, crowd(visits))
		label := "/every-day"
		q.Label = &label
		same(t, r[0]+" to "+r[1]+" label", table(t, s, q).Sum, crowd(want[label]))
	}
}

// A filter asks for the rows under one label of a filter dimension.
func tableFilter(t *testing.T, s storage.Store) {
	a, b := plain(march12, foule.DimPage, "/a", crowd(5)), plain(march12, foule.DimPage, "/b", crowd(3))
	part := func(r storage.DayRow, by foule.Dimension, label string, n int64) storage.DayRow {
		r.Metrics = crowd(n)
		return under(r, by, label)
	}
	apply(t, s, "c/0/1", a, b,
		part(a, foule.DimCountry, "FR", 4), part(a, foule.DimCountry, "", 1),
		part(b, foule.DimCountry, "FR", 1), part(b, foule.DimCountry, foule.Other, 2),
		part(a, foule.DimLanguage, "FR", 2),
	)
	for _, c := range []struct {
		name   string
		filter *storage.Filter
		want   map[string]int64
	}{
		{"none", nil, map[string]int64{"/a": 5, "/b": 3}},
		{"country", &storage.Filter{Dim: foule.DimCountry, Label: "FR"}, map[string]int64{"/a": 4, "/b": 1}},
		{"unknown country", &storage.Filter{Dim: foule.DimCountry, Label: ""}, map[string]int64{"/a": 1}},
		{"other country", &storage.Filter{Dim: foule.DimCountry, Label: foule.Other}, map[string]int64{"/b": 2}},
		{"language", &storage.Filter{Dim: foule.DimLanguage, Label: "FR"}, map[string]int64{"/a": 2}},
		{"no such label", &storage.Filter{Dim: foule.DimCountry, Label: "XX"}, map[string]int64{}},
		{"label of another dimension", &storage.Filter{Dim: foule.DimCountry, Label: "/a"}, map[string]int64{}},
	} {
		q := pagesOn(march12)
		q.Filter = c.filter
		same(t, c.name, visitsBy(table(t, s, q).Rows), c.want)
	}
}

// What stands under foule.Other is no row, whatever it is sorted by, but part of the sum.
func tableOther(t *testing.T, s storage.Store) {
	apply(t, s, "c/0/1",
		plain(march12, foule.DimPage, "/a", crowd(1)),
		plain(march12, foule.DimPage, foule.Other, crowd(100)),
		plain(march12, foule.DimPage, "(other) things", crowd(2)),
	)
	rows := []storage.Row{{Label: "(other) things", Metrics: crowd(2)}, {Label: "/a", Metrics: crowd(1)}}
	same(t, "table", table(t, s, pagesOn(march12)), storage.TableResult{
		Rows: rows, RowCount: 2, Sum: crowd(103), Other: crowd(100),
	})
	q := pagesOn(march12)
	q.Search = "other"
	same(t, "search", table(t, s, q), storage.TableResult{Rows: rows[:1], RowCount: 1, Sum: crowd(2)})
	other := foule.Other
	q = pagesOn(march12)
	q.Label = &other
	same(t, "label", table(t, s, q), storage.TableResult{})
}

func tableHideEmpty(t *testing.T, s storage.Store) {
	apply(t, s, "c/0/1",
		plain(march12, foule.DimCampaign, "", crowd(90)),
		plain(march12, foule.DimCampaign, "spring", crowd(2)),
		plain(march12, foule.DimCampaign, foule.Other, crowd(3)),
	)
	q := storage.TableQuery{Site: site, From: march12, To: march12, Dim: foule.DimCampaign, Sort: foule.Visits}
	spring := storage.Row{Label: "spring", Metrics: crowd(2)}
	same(t, "shown", table(t, s, q), storage.TableResult{
		Rows: []storage.Row{{Label: "", Metrics: crowd(90)}, spring}, RowCount: 2, Sum: crowd(95), Other: crowd(3),
	})
	q.HideEmpty = true
	same(t, "hidden", table(t, s, q), storage.TableResult{
		Rows: []storage.Row{spring}, RowCount: 1, Sum: crowd(5), Other: crowd(3),
	})
}

// A search is for a piece of text, ignoring case of ASCII letters; nothing in it is a wildcard.
func tableSearch(t *testing.T, s storage.Store) {
	for i, text := range []string{"/Blog/été", "/blog/ÉTÉ", "/shop", "100%", "a_b", "a*b", ""} {
		apply(t, s, "c/"+string(rune('a'+i))+"/1", plain(march12, foule.DimPage, text, crowd(1)))
	}
	for _, c := range []struct {
		search string
		want   []string
	}{
		{"BLOG", []string{"/Blog/été", "/blog/ÉTÉ"}},
		{"été", []string{"/Blog/été"}},
		{"p", []string{"/shop"}},
		{"%", []string{"100%"}},
		{"_", []string{"a_b"}},
		{"*", []string{"a*b"}},
		{"a?b", nil},
		{"nothing", nil},
	} {
		q := pagesOn(march12)
		q.Search, q.SortLabel, q.Ascending = c.search, true, true
		res := table(t, s, q)
		same(t, c.search, labels(res.Rows), c.want)
		same(t, c.search+" row count", res.RowCount, len(c.want))
		same(t, c.search+" sum", res.Sum, crowd(int64(len(c.want))))
	}
}

func tableLabel(t *testing.T, s storage.Store) {
	apply(t, s, "c/0/1",
		plain(march12, foule.DimPage, "/a", crowd(1)), plain(march12, foule.DimPage, "/A", crowd(2)),
		plain(march12, foule.DimPage, "/a/b", crowd(3)), plain(march12, foule.DimPage, "", crowd(4)),
		plain(march12, foule.DimTitle, "/t", crowd(5)), plain(march12, foule.DimPage, foule.Other, crowd(6)),
		under(plain(march12, foule.DimPage, "/a", crowd(1)), foule.DimCountry, "FR"),
	)
	for _, c := range []struct {
		label, search string
		filter        *storage.Filter
		want          storage.TableResult
	}{
		{label: "/a", want: storage.TableResult{Rows: []storage.Row{{Label: "/a", Metrics: crowd(1)}}, RowCount: 1, Sum: crowd(1)}},
		{label: "/A", want: storage.TableResult{Rows: []storage.Row{{Label: "/A", Metrics: crowd(2)}}, RowCount: 1, Sum: crowd(2)}},
		{label: "", want: storage.TableResult{Rows: []storage.Row{{Label: "", Metrics: crowd(4)}}, RowCount: 1, Sum: crowd(4)}},
		{label: "/a", filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"},
			want: storage.TableResult{Rows: []storage.Row{{Label: "/a", Metrics: crowd(1)}}, RowCount: 1, Sum: crowd(1)}},
		{label: "/A", filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"}},
		{label: "/t"},
		{label: "/nowhere"},
		{label: "/a", search: "x"},
	} {
		q := pagesOn(march12)
		q.Label, q.Search, q.Filter = &c.label, c.search, c.filter
		same(t, "label "+c.label, table(t, s, q), c.want)
	}
}

// Rows are sorted by one metric or by label; what is equal is in order of label, upwards.
func tableSort(t *testing.T, s storage.Store) {
	row := func(label string, visits, seconds int64) storage.DayRow {
		m := crowd(visits)
		m[foule.Seconds] = seconds
		return plain(march12, foule.DimPage, label, m)
	}
	apply(t, s, "c/0/1", row("/d", 2, 9), row("/b", 2, 0), row("/c", 2, 5), row("/a", 1, 7), row("/e", 3, 0), row("/É", 2, 0), row("/Z", 2, 0))
	for _, c := range []struct {
		name string
		q    storage.TableQuery
		want []string
	}{
		{"visits", storage.TableQuery{Sort: foule.Visits}, []string{"/e", "/Z", "/b", "/c", "/d", "/É", "/a"}},
		{"visits, upwards", storage.TableQuery{Sort: foule.Visits, Ascending: true}, []string{"/a", "/Z", "/b", "/c", "/d", "/É", "/e"}},
		{"seconds", storage.TableQuery{Sort: foule.Seconds}, []string{"/d", "/a", "/c", "/Z", "/b", "/e", "/É"}},
		{"label", storage.TableQuery{SortLabel: true, Ascending: true}, []string{"/Z", "/a", "/b", "/c", "/d", "/e", "/É"}},
		{"label, downwards", storage.TableQuery{SortLabel: true}, []string{"/É", "/e", "/d", "/c", "/b", "/a", "/Z"}},
		{"first two", storage.TableQuery{Sort: foule.Visits, Limit: 2}, []string{"/e", "/Z"}},
		{"amid ties", storage.TableQuery{Sort: foule.Visits, Limit: 2, Offset: 2}, []string{"/b", "/c"}},
		{"upwards, amid ties", storage.TableQuery{Sort: foule.Visits, Ascending: true, Limit: 2, Offset: 5}, []string{"/É", "/e"}},
	} {
		c.q.Site, c.q.From, c.q.To, c.q.Dim = site, march12, march12, foule.DimPage
		same(t, c.name, labels(table(t, s, c.q).Rows), c.want)
	}
}

// Pages of rows come out of the same order, with the same sums around them.
func tablePages(t *testing.T, s storage.Store) {
	var rows []storage.DayRow
	var want []string
	for i := range 26 {
		label := string(rune('a' + i))
		want = append(want, label)
		rows = append(rows, plain(march12, foule.DimPage, label, crowd(100-int64(i/3))))
	}
	apply(t, s, "c/0/1", rows...)
	all := table(t, s, pagesOn(march12))
	same(t, "all", labels(all.Rows), want)
	for _, c := range []struct{ limit, offset, from, to int }{
		{10, 0, 0, 10}, {10, 10, 10, 20}, {10, 20, 20, 26}, {10, 26, 26, 26}, {10, 1000, 26, 26},
		{0, 5, 5, 26}, {1, 25, 25, 26}, {1000, 0, 0, 26},
	} {
		q := pagesOn(march12)
		q.Limit, q.Offset = c.limit, c.offset
		res := table(t, s, q)
		same(t, "page", labels(res.Rows), want[c.from:c.to])
		same(t, "row count", res.RowCount, 26)
		same(t, "sum", res.Sum, all.Sum)
	}
}

func tableOfNothing(t *testing.T, s storage.Store) {
	same(t, "empty store", table(t, s, pagesOn(march12)), storage.TableResult{})
	same(t, "no points", series(t, s, storage.SeriesQuery{Site: site, Grain: storage.GrainDay, From: march12, To: march12 + 9}), []storage.Point{})
	q := pagesOn(march12)
	q.Search, q.Filter = "x", &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
	same(t, "searched and filtered", table(t, s, q), storage.TableResult{})
}

// A question whose asker has gone is not answered.
func cancelledRead(t *testing.T, s storage.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Table(ctx, pagesOn(march12)); err == nil {
		t.Error("Table with a cancelled context: no error")
	}
	if _, err := storage.Series(ctx, s, storage.SeriesQuery{Site: site, Grain: storage.GrainDay, From: march12, To: march12}); err == nil {
		t.Error("Series with a cancelled context: no error")
	}
}

func seriesDays(t *testing.T, s storage.Store) {
	apply(t, s, "c/0/1",
		plain(march12, foule.DimTotal, "", crowd(1)),
		plain(march12+2, foule.DimTotal, "", crowd(2)),
		plain(march12+30, foule.DimTotal, "", crowd(3)),
		plain(march12, foule.DimPage, "/", crowd(9)),
		under(plain(march12+2, foule.DimPage, "/", crowd(1)), foule.DimCountry, "FR"),
	)
	for _, c := range []struct {
		name string
		q    storage.SeriesQuery
		want []storage.Point
	}{
		{"total", storage.SeriesQuery{From: march12 - 1, To: march12 + 30},
			[]storage.Point{{Bucket: int64(march12), Metrics: crowd(1)}, {Bucket: int64(march12 + 2), Metrics: crowd(2)}, {Bucket: int64(march12 + 30), Metrics: crowd(3)}}},
		{"both ends count", storage.SeriesQuery{From: march12, To: march12 + 2},
			[]storage.Point{{Bucket: int64(march12), Metrics: crowd(1)}, {Bucket: int64(march12 + 2), Metrics: crowd(2)}}},
		{"label", storage.SeriesQuery{From: march12, To: march12 + 2, Dim: foule.DimPage, Label: "/"},
			[]storage.Point{{Bucket: int64(march12), Metrics: crowd(9)}}},
		{"filtered", storage.SeriesQuery{From: march12, To: march12 + 2, Dim: foule.DimPage, Label: "/", Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FR"}},
			[]storage.Point{{Bucket: int64(march12 + 2), Metrics: crowd(1)}}},
		{"unknown label", storage.SeriesQuery{From: march12, To: march12 + 2, Dim: foule.DimPage, Label: "/x"}, nil},
		{"backwards", storage.SeriesQuery{From: march12 + 2, To: march12}, nil},
	} {
		c.q.Site, c.q.Grain = site, storage.GrainDay
		same(t, c.name, series(t, s, c.q), c.want)
	}
}

// Several labels are given in the order in which they are asked for.
func seriesOf(t *testing.T, s storage.Store) {
	quoted := `/it's "here"\n` + "\t\n"
	applyBatch(t, s, &storage.Batch{
		Token: "c/0/1",
		Days: []storage.DayRow{
			plain(march12, foule.DimPage, "/b", crowd(1)),
			plain(march12, foule.DimPage, "/a", crowd(2)),
			plain(march12+2, foule.DimPage, "/b", crowd(3)),
			plain(march12, foule.DimPage, "", crowd(4)),
			plain(march12, foule.DimPage, quoted, crowd(5)),
			plain(march12, foule.DimPage, "/other", crowd(6)),
		},
		Hours: []storage.HourRow{
			{Site: site, Hour: int64(march12) * 24, Dim: foule.DimCountry, Label: "FR", Metrics: crowd(7)},
			{Site: site, Hour: int64(march12)*24 + 1, Dim: foule.DimCountry, Label: "BE", Metrics: crowd(8)},
		},
	})
	point := func(bucket int64, n int64) storage.Point { return storage.Point{Bucket: bucket, Metrics: crowd(n)} }
	ask := func(name string, q storage.SeriesQuery, labels []string, want [][]storage.Point) {
		t.Helper()
		q.Site = site
		got, err := s.SeriesOf(context.Background(), q, labels)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		same(t, name, got, want)
	}
	pages := storage.SeriesQuery{Grain: storage.GrainDay, Dim: foule.DimPage, From: march12, To: march12 + 9}
	d := int64(march12)
	ask("by day", pages, []string{"/b", "/x", quoted, "", "/a"},
		[][]storage.Point{{point(d, 1), point(d+2, 3)}, nil, {point(d, 5)}, {point(d, 4)}, {point(d, 2)}})
	pages.Grain = storage.GrainMonth
	month := int64(march12.Month())
	ask("by month", pages, []string{"/a", "/b"}, [][]storage.Point{{point(month, 2)}, {point(month, 4)}})
	ask("none", pages, nil, nil)
	pages.To = march12 - 1
	ask("backwards", pages, []string{"/a", "/b"}, [][]storage.Point{nil, nil})
	ask("by hour", storage.SeriesQuery{Grain: storage.GrainHour, Dim: foule.DimCountry, FromHour: d * 24, ToHour: d*24 + 9}, []string{"BE", "FR"},
		[][]storage.Point{{point(d*24+1, 8)}, {point(d*24, 7)}})
}

// A month at an end of the range counts the days inside alone.
func seriesMonths(t *testing.T, s storage.Store) {
	var rows []storage.DayRow
	for d := day(t, "2025-12-01"); d <= day(t, "2026-03-31"); d++ {
		rows = append(rows, plain(d, foule.DimTotal, "", crowd(1)), under(plain(d, foule.DimTotal, "", crowd(2)), foule.DimCountry, "FR"))
	}
	apply(t, s, "c/0/1", rows...)
	month := func(first string, n int64) storage.Point {
		return storage.Point{Bucket: int64(day(t, first).Month()), Metrics: crowd(n)}
	}
	for _, c := range []struct {
		from, to string
		want     []storage.Point
	}{
		{"2026-01-01", "2026-02-28", []storage.Point{month("2026-01-01", 31), month("2026-02-01", 28)}},
		{"2025-12-31", "2026-02-02", []storage.Point{month("2025-12-01", 1), month("2026-01-01", 31), month("2026-02-01", 2)}},
		{"2025-12-02", "2026-02-27", []storage.Point{month("2025-12-01", 30), month("2026-01-01", 31), month("2026-02-01", 27)}},
		{"2026-01-05", "2026-01-06", []storage.Point{month("2026-01-01", 2)}},
		{"2025-12-05", "2026-06-05", []storage.Point{month("2025-12-01", 27), month("2026-01-01", 31), month("2026-02-01", 28), month("2026-03-01", 31)}},
		{"2026-03-01", "2026-12-31", []storage.Point{month("2026-03-01", 31)}},
	} {
		q := storage.SeriesQuery{Site: site, Grain: storage.GrainMonth, From: day(t, c.from), To: day(t, c.to)}
		same(t, c.from+" to "+c.to, series(t, s, q), c.want)
		q.Filter = &storage.Filter{Dim: foule.DimCountry, Label: "FR"}
		for i := range c.want {
			c.want[i].Metrics = crowd(2 * c.want[i].Metrics[foule.Visits])
		}
		same(t, c.from+" to "+c.to+" filtered", series(t, s, q), c.want)
	}
}

func seriesHours(t *testing.T, s storage.Store) {
	hour := func(h int64, dim foule.Dimension, label string, n int64) storage.HourRow {
		return storage.HourRow{Site: site, Hour: h, Dim: dim, Label: label, Metrics: crowd(n)}
	}
	applyBatch(t, s, &storage.Batch{Token: "c/0/1", Hours: []storage.HourRow{
		hour(490_003, foule.DimTotal, "", 3), hour(490_000, foule.DimTotal, "", 1), hour(490_001, foule.DimCountry, "FR", 2),
		hour(490_001, foule.DimTotal, "", 2), {Site: site + 1, Hour: 490_002, Metrics: crowd(9)},
	}})
	applyBatch(t, s, &storage.Batch{Token: "c/0/2", Hours: []storage.HourRow{hour(490_003, foule.DimTotal, "", 4)}})
	q := storage.SeriesQuery{Site: site, Grain: storage.GrainHour, FromHour: 490_001, ToHour: 490_003}
	same(t, "total", series(t, s, q), []storage.Point{{Bucket: 490_001, Metrics: crowd(2)}, {Bucket: 490_003, Metrics: crowd(7)}})
	q.Dim, q.Label = foule.DimCountry, "FR"
	same(t, "country", series(t, s, q), []storage.Point{{Bucket: 490_001, Metrics: crowd(2)}})
}

func minutes(t *testing.T, s storage.Store) {
	row := func(site foule.SiteID, minute, n int64) storage.MinuteRow {
		return storage.MinuteRow{Site: site, Minute: minute, Metrics: crowd(n)}
	}
	applyBatch(t, s, &storage.Batch{Token: "c/0/1", Minutes: []storage.MinuteRow{
		row(site, 29_000_004, 4), row(site, 29_000_000, 1), row(site, 29_000_002, 2), row(site+1, 29_000_002, 9), row(site, 29_000_005, 5),
	}})
	got, err := s.Minutes(context.Background(), site, 29_000_000, 29_000_005)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "minutes", got, []storage.MinuteRow{row(site, 29_000_000, 1), row(site, 29_000_002, 2), row(site, 29_000_004, 4)})
}

func dataRange(t *testing.T, s storage.Store) {
	check := func(id foule.SiteID, first, last foule.Day, ok bool) {
		t.Helper()
		f, l, k, err := s.DataRange(context.Background(), id)
		if err != nil || k != ok || ok && (f != first || l != last) {
			t.Errorf("DataRange(%d) = %v, %v, %v, %v, want %v, %v, %v", id, f, l, k, err, first, last, ok)
		}
	}
	check(site, 0, 0, false)
	other := plain(march12-500, foule.DimTotal, "", crowd(1))
	other.Site = site + 1
	apply(t, s, "c/0/1", plain(march12, foule.DimTotal, "", crowd(1)), plain(march12-40, foule.DimPage, "/", crowd(1)), other)
	check(site, march12-40, march12, true)
	check(site+1, march12-500, march12-500, true)
	check(site+2, 0, 0, false)
}
