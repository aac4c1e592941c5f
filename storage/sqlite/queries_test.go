package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/golden"
	"foule.eu/foule/storage"
)

// The statements that are composed, as they come out for two rows.
func TestComposedStatements(t *testing.T) {
	files, err := filepath.Glob("sql/*/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := rowWidth(string(text)); ok {
			golden.Compare(t, filepath.Join("testdata", strings.TrimSuffix(filepath.Base(file), ".sql")+".golden.sql"), compose(string(text), 2))
		}
	}
}

// How the engine looks for rows: by primary key, never through a whole table of counters.
func TestQueryPlans(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "plans.db"))
	var out strings.Builder
	for _, dir := range []string{"query", "write", "scan"} {
		files, err := filepath.Glob("sql/" + dir + "/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s\n%s", file, queryPlan(t, s, compose(string(text), 1)))
		}
	}
	golden.Compare(t, filepath.Join("testdata", "plans.golden.txt"), out.String())
	if m := regexp.MustCompile(`(?m)^ *SCAN (s|stats_\w+)$`).FindString(out.String()); m != "" {
		t.Errorf("a whole table is read: %s", m)
	}
}

var named = regexp.MustCompile(`:[a-z_]+|\?`)

func queryPlan(t *testing.T, s *Store, text string) string {
	t.Helper()
	text = named.ReplaceAllString(text, "?1")
	rows, err := s.write.Query("explain query plan "+text, "1")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var out strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "    %s\n", detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The file explains itself: names of dimensions, and views that any SQLite shell can read.
func TestViews(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "views.db"))
	for d := range foule.Dimension(foule.NumDimensions) {
		var name string
		if err := s.read.QueryRow("select name from dimension where id = ?", int(d)).Scan(&name); err != nil || name != d.String() {
			t.Errorf("dimension %d is called %q, %v, want %q", d, name, err, d)
		}
	}
	var m foule.Metrics
	for i := range m {
		m[i] = int64(i + 100)
	}
	row := storage.DayRow{Site: 1, Day: march12, Dim: foule.DimPage, Label: "/a", By: foule.DimCountry, ByLabel: "FR", Metrics: m}
	b := &storage.Batch{
		Token: "c/0/1", Days: []storage.DayRow{row},
		Hours:   []storage.HourRow{{Site: 1, Hour: 24 * int64(march12), Metrics: m}},
		Minutes: []storage.MinuteRow{{Site: 1, Minute: 1440 * int64(march12), Metrics: m}},
	}
	if err := s.Apply(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		"report_day where day = '2026-03-12' and dimension = 'page' and label = '/a' and filter_dimension = 'country' and filter_label = 'FR'",
		"report_month where month = '2026-03' and dimension = 'page' and label = '/a' and filter_dimension = 'country' and filter_label = 'FR'",
		"report_hour where utc_hour = '2026-03-12 00:00:00' and dimension = '' and label = ''",
		"report_minute where utc_minute = '2026-03-12 00:00:00' and site = 1",
	} {
		for i := range foule.Metric(foule.NumMetrics) {
			var got int64
			if err := s.read.QueryRow("select " + i.String() + " from " + row).Scan(&got); err != nil || got != m[i] {
				t.Errorf("%v of %s = %d, %v, want %d", i, row, got, err, m[i])
			}
		}
	}
}
