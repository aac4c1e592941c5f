package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/storagetest"
	"github.com/google/go-cmp/cmp"
)

// unmigrated opens a store in an empty database.
func unmigrated(t *testing.T, e *clickhousetest.Engine) *Store {
	t.Helper()
	o := Options{DSN: e.Database(t)}
	if e.Kind == clickhousetest.Debian {
		o.DSN += "?old_server=accept"
	}
	return openWith(t, o)
}

// planned gives the plan's steps in words.
func planned(t *testing.T, s *Store) string {
	t.Helper()
	p, err := s.Plan(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%d to %d", p.From, p.To)
	for _, step := range p.Steps {
		text += ", " + step.Name
	}
	return text
}

func migrate(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Migrate(context.Background(), func(Step) {}); err != nil {
		t.Fatal(err)
	}
}

// Tables are made once, and a step that was broken off is taken again.
func TestMigrate(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := unmigrated(t, e)
		fresh := "0 to 4, 0001_aggregates, 0002_settings, 0003_months, 0004_erasures"
		if got := planned(t, s); got != fresh {
			t.Fatalf("plan %s, want %s", got, fresh)
		}
		if err := s.Check(context.Background()); !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), "run: collector migrate") {
			t.Errorf("Check before: %v, want to be told to migrate", err)
		}
		p, err := s.Plan(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		mustExec(t, s, p.Steps[0].SQL[0]) // and there it was broken off
		mustExec(t, s, p.Steps[0].SQL[1])
		var done []string
		err = s.Migrate(context.Background(), func(step Step) { done = append(done, step.Name) })
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]string{"0001_aggregates", "0002_settings", "0003_months", "0004_erasures"}, done); d != "" {
			t.Errorf("steps (-want +got):\n%s", d)
		}
		if got := planned(t, s); got != "4 to 4" {
			t.Errorf("plan after: %s, want nothing to do", got)
		}
		migrate(t, s)
		if err := s.Check(context.Background()); err != nil {
			t.Errorf("Check after: %v", err)
		}
	})
}

// Tables of a later version are left alone.
func TestNoWayBack(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := unmigrated(t, e)
		migrate(t, s)
		mustExec(t, s, "insert into schema_migration (version, name, applied) select 99, '0099_later', toDateTime(0)")
		err := s.Migrate(context.Background(), func(Step) { t.Error("a step was taken") })
		if !errors.Is(err, ErrNewer) {
			t.Errorf("Migrate: %v, want ErrNewer", err)
		}
		if err := s.Check(context.Background()); !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), "version 99") {
			t.Errorf("Check: %v, want the version named", err)
		}
	})
}

// A changed number of months is a step of its own.
func TestRetentionChanges(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	s := unmigrated(t, e)
	migrate(t, s)
	s = openWith(t, Options{DSN: s.DSN, KeepMonths: 13})
	if err := s.Check(context.Background()); err != nil {
		t.Errorf("Check before: %v", err)
	}
	p, err := s.Plan(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []Step{{Name: "keep 13 months", SQL: []string{
		"alter table stats_hour modify ttl toStartOfMonth(hour) + toIntervalMonth(13)",
		"alter table stats_day modify ttl toStartOfMonth(day) + toIntervalMonth(13)",
		"alter table stats_month modify ttl toStartOfMonth(month) + toIntervalMonth(13)",
	}}}
	if d := cmp.Diff(want, p.Steps, cmp.AllowUnexported(Step{})); d != "" {
		t.Errorf("steps (-want +got):\n%s", d)
	}
	if err := s.Prune(context.Background(), time.Now()); err == nil || !strings.Contains(err.Error(), "13 months") || !strings.Contains(err.Error(), "collector migrate") {
		t.Errorf("Prune before: %v", err)
	}
	migrate(t, s)
	if got := planned(t, s); got != "4 to 4" {
		t.Errorf("plan after: %s, want nothing to do", got)
	}
	if err := s.Prune(context.Background(), time.Now()); err != nil {
		t.Errorf("Prune after: %v", err)
	}
}

// What is older than the retention goes: by the server itself, or by Prune where
// it is too old for that.
func TestRetention(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := unmigrated(t, e)
		migrate(t, s)
		old := e.Kind == clickhousetest.Debian
		storagetest.Retention(t, s, storagetest.Forgetting{Months: old, OwnClock: !old, Forget: func(now time.Time) {
			if err := s.Prune(context.Background(), now); err != nil {
				t.Fatal(err)
			}
			if !old {
				for _, table := range []string{"stats_minute", "stats_hour", "stats_day", "stats_month"} {
					mustExec(t, s, "optimize table "+table+" final") // not to wait for the server to get at it
				}
			}
		}})
	})
}
