package clickhouse

import (
	"context"
	"errors"
	"strings"
	"testing"

	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
)

// Whatever somebody changes in the tables, Check names the table and the change.
func TestCheckNamesAlterations(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		modern := e.Kind == clickhousetest.ChDB
		if err := s.Check(context.Background()); err != nil {
			t.Fatalf("as migrated: %v", err)
		}
		for _, c := range []struct {
			name       string
			modern     bool // only where the server can do it
			alter      []string
			undo, want string
		}{
			{"column added", false, []string{"alter table stats_day add column visitor String"},
				"alter table stats_day drop column visitor", "the table stats_day is not as the migrations made it, someone altered it by hand: it has a column visitor"},
			{"column gone", false, []string{"alter table stats_hour drop column exits"},
				"alter table stats_hour add column exits Int64 after entry_bounces", "the table stats_hour is not as the migrations made it, someone altered it by hand: it has no column exits"},
			{"column of another type", false, []string{"alter table stats_minute modify column visits Int32"},
				"alter table stats_minute modify column visits Int64", "the table stats_minute is not as the migrations made it, someone altered it by hand: its column visits is Int32, not Int64"},
			{"inserts forgotten", true, []string{"alter table stats_day modify setting non_replicated_deduplication_window = 0"},
				"alter table stats_day modify setting non_replicated_deduplication_window = 50000", "the table stats_day is not as the migrations made it, someone altered it by hand: it lacks the setting non_replicated_deduplication_window = 50000"},
			{"another engine", false, []string{"rename table stats_hour to kept", "create table stats_hour as kept engine = MergeTree partition by toYYYYMM(hour) order by (site, dim, hour, label)"},
				"drop table stats_hour", "the table stats_hour is not as the migrations made it, someone altered it by hand: its engine is MergeTree, not SummingMergeTree"},
			{"table gone", false, nil,
				"rename table kept to stats_hour", "the table stats_hour is missing"},
		} {
			if c.modern && !modern {
				continue
			}
			for _, alter := range c.alter {
				mustExec(t, s, alter)
			}
			err := s.Check(context.Background())
			if !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %s", c.name, err, c.want)
			}
			mustExec(t, s, c.undo)
		}
		if err := s.Check(context.Background()); err != nil {
			t.Errorf("all undone: %v", err)
		}
	})
}
