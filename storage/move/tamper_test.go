package move_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/move"
)

// TestTamperedTarget: whatever is changed behind the move's back is found, and
// named.
func TestTamperedTarget(t *testing.T) {
	t.Parallel()
	today := foule.DayOf(now, time.UTC)
	one := foule.Metrics{}
	one[foule.Value] = -3
	for _, row := range []struct {
		name string
		rows storage.Batch
		want move.Difference
	}{
		{"a day", storage.Batch{Days: []storage.DayRow{{Site: 1, Day: today - 1, Dim: foule.DimPage, Label: "/", Metrics: one}}},
			move.Difference{Site: 1, Month: (today - 1).Month(), Grain: "day", Dim: foule.DimPage}},
		{"a row more", storage.Batch{Days: []storage.DayRow{{Site: 2, Day: today, Dim: foule.DimPage, Label: "/new", By: foule.DimCountry, ByLabel: "DE", Metrics: one}}},
			move.Difference{Site: 2, Month: today.Month(), Grain: "day", Dim: foule.DimPage, By: foule.DimCountry}},
		{"a day more", storage.Batch{Days: []storage.DayRow{{Site: 2, Day: today + 1, Metrics: one}}},
			move.Difference{Site: 2, Month: (today + 1).Month(), Grain: "day"}},
		{"an hour", storage.Batch{Hours: []storage.HourRow{{Site: 2, Hour: int64(today-80) * 24, Dim: foule.DimCountry, Label: "FR", Metrics: one}}},
			move.Difference{Site: 2, Month: (today - 80).Month(), Grain: "hour", Dim: foule.DimCountry}},
		{"a minute", storage.Batch{Minutes: []storage.MinuteRow{{Site: 4_000_000_000, Minute: now.Unix() / 60, Metrics: one}}},
			move.Difference{Site: 4_000_000_000, Month: today.Month(), Grain: "minute"}},
		{"a site more", storage.Batch{Days: []storage.DayRow{{Site: 9, Day: today, Metrics: one}}},
			move.Difference{Site: 9, Month: today.Month(), Grain: "day"}},
	} {
		t.Run(row.name, func(t *testing.T) { tamper(t, embedded, &row.rows, row.want) })
		if row.want.Grain == "hour" {
			t.Run(row.name+" of a server", func(t *testing.T) { tamper(t, server(t, clickhousetest.ChDB), &row.rows, row.want) })
		}
	}
}

// tamper moves, changes the target, and wants the change to be found.
func tamper(t *testing.T, to end, change *storage.Batch, want move.Difference) {
	a, b := embedded(t), to(t)
	inhabit(t, a)
	run(t, options(a, b))
	change.Token = "tamper/0/1"
	if err := b.Apply(context.Background(), change); err != nil {
		t.Fatal(err)
	}
	r, err := move.Run(context.Background(), options(a, b))
	if err != nil || r.Rows != 0 {
		t.Fatalf("the verification alone: %d rows copied, %v", r.Rows, err)
	}
	for _, d := range r.Check.Differences {
		at := move.Difference{Site: d.Site, Month: d.Month, Grain: d.Grain, Dim: d.Dim, By: d.By}
		if at == want && d.Rows == 1 && d.To[foule.Value]-d.From[foule.Value] == -3 {
			return
		}
	}
	t.Errorf("differences %+v, want one of %+v", r.Check.Differences, want)
}

// TestTamperedMonth: the embedded store's sums by month are no part's rows;
// they are compared by asking.
func TestTamperedMonth(t *testing.T) {
	a, path := embedded(t), filepath.Join(t.TempDir(), "foule.db")
	inhabit(t, a)
	b := openFile(t, path)
	run(t, options(a, b))
	b.Close()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`update stats_month set rows = '0:1' where site = 2 and dim = 0 and month = ?`, int64((foule.DayOf(now, time.UTC) - ages[3]).Month())); err != nil {
		t.Fatal(err)
	}
	r, err := move.Run(context.Background(), options(a, openFile(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	if d := r.Check.Differences; len(d) != 1 || d[0].Site != 2 || d[0].Grain != "all" || d[0].Dim != foule.DimTotal {
		t.Errorf("differences %+v", d)
	}
}
