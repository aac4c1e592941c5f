package clickhouse

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
)

// tokens starts an engine that knows tokens; what is tested here is not to be
// had from Debian's 18.16, where only replicated tables know an insert again.
func tokens(t *testing.T) *clickhousetest.Engine {
	t.Helper()
	t.Log("not on Debian's ClickHouse 18.16: it knows no insert_deduplication_token")
	return clickhousetest.Start(t, clickhousetest.ChDB)
}

// crowd is a batch with rows in all tables and in two months, of more than two
// chunks by day.
func crowd(token string) *storage.Batch {
	one := foule.Metrics{1, 1, 1}
	b := &storage.Batch{
		Token:   token,
		Minutes: []storage.MinuteRow{{Site: 7, Minute: 29_600_000, Metrics: one}, {Site: 7, Minute: 29_560_000, Metrics: one}},
		Hours:   []storage.HourRow{{Site: 7, Hour: 493_060, Metrics: one}, {Site: 7, Hour: 492_000, Metrics: one}},
	}
	for i := range maxChunkRows + 10 {
		b.Days = append(b.Days, storage.DayRow{Site: 7, Day: april1, Dim: foule.DimPage, Label: fmt.Sprint("/", i), Metrics: one})
	}
	for i := range 10 {
		b.Days = append(b.Days, storage.DayRow{Site: 7, Day: april1 - 1, Dim: foule.DimPage, Label: fmt.Sprint("/", i), Metrics: one})
	}
	return b
}

const april1 foule.Day = 20544 // 2026-04-01

// visits sums the visits in each table, past the store.
func visits(t *testing.T, s *Store) (sums [4]int64) {
	t.Helper()
	for i, table := range counterTables {
		if err := s.conn.QueryRow(context.Background(), "select sum(visits) from "+table).Scan(&sums[i]); err != nil {
			t.Fatal(err)
		}
	}
	return sums
}

func mustExec(t *testing.T, s *Store, text string) {
	t.Helper()
	if err := s.conn.Exec(context.Background(), text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// once is what crowd comes to.
var once = [4]int64{2, 2, maxChunkRows + 20, maxChunkRows + 20}

func times(n int64) (sums [4]int64) {
	for i := range sums {
		sums[i] = n * once[i]
	}
	return sums
}

// A chunk becomes one part, so that it is there as a whole or not at all.
func TestChunkIsPart(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		for _, table := range counterTables {
			mustExec(t, s, "system stop merges "+s.database+"."+table)
		}
		if err := s.Apply(context.Background(), crowd("c/0/1")); err != nil {
			t.Fatal(err)
		}
		rows, err := s.conn.Query(context.Background(), "select table, count() from system.parts where active and database = '"+s.database+"' and table like 'stats_%' group by table")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		got := map[string]uint64{}
		for rows.Next() {
			var table string
			var parts uint64
			if err := rows.Scan(&table, &parts); err != nil {
				t.Fatal(err)
			}
			got[table] = parts
		}
		want := map[string]uint64{"stats_minute": 2, "stats_hour": 2, "stats_day": 3, "stats_month": 3}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("parts %v, want %v", got, want)
		}
	})
}

// A batch is known again after merges, and after the server was killed; the
// same content under another token is another batch.
func TestSentAgain(t *testing.T) {
	e := tokens(t)
	s := openOn(t, e, Options{})
	send := func(what, token string, want [4]int64) {
		t.Helper()
		if err := s.Apply(context.Background(), crowd(token)); err != nil {
			t.Fatal(err)
		}
		if got := visits(t, s); got != want {
			t.Errorf("%s: visits %v, want %v", what, got, want)
		}
	}
	send("first", "c/0/1", times(1))
	send("at once", "c/0/1", times(1))
	send("equal batch", "c/0/2", times(2))
	for _, table := range counterTables {
		mustExec(t, s, "optimize table "+table+" final")
	}
	send("after merges", "c/0/1", times(2))
	e.Restart(t)
	send("after a kill", "c/0/1", times(2))
	send("after a kill, the other", "c/0/2", times(2))
	send("new", "c/0/3", times(3))
}

// An error after some of the chunks: sent again, the others are added alone.
func TestHalfOfABatch(t *testing.T) {
	e := tokens(t)
	s := openOn(t, e, Options{})
	for table, column := range map[string]string{"stats_hour": "hour", "stats_day": "day", "stats_month": "month"} {
		// The first month's chunk goes in, that of the second is refused.
		mustExec(t, s, "alter table "+table+" add constraint refuse check toYYYYMM("+column+") != 202604")
		for range 2 {
			if err := s.Apply(context.Background(), crowd("c/0/1")); err == nil {
				t.Fatalf("Apply with half of %s refused: no error", table)
			}
		}
		mustExec(t, s, "alter table "+table+" drop constraint refuse")
	}
	if got := visits(t, s); got == times(1) || got == [4]int64{} {
		t.Fatalf("visits %v: want a part of the batch", got)
	}
	for range 2 {
		if err := s.Apply(context.Background(), crowd("c/0/1")); err != nil {
			t.Fatal(err)
		}
		if got := visits(t, s); got != times(1) {
			t.Errorf("visits %v, want %v", got, times(1))
		}
	}
}

// A collector that was killed starts anew and sends again while the server still
// works on what it got before.
func TestSentAtOnce(t *testing.T) {
	s := openOn(t, tokens(t), Options{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := s.Apply(context.Background(), crowd("c/0/1")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := visits(t, s); got != times(1) {
		t.Errorf("visits %v, want %v", got, times(1))
	}
}
