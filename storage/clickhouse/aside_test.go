package clickhouse

import (
	"context"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
)

// TestAside: beside the store's database another can be made, filled, read
// whole and dropped, and the store's own cannot.
func TestAside(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		const name = "foule_aside_test"
		ctx := context.Background()
		own := openOn(t, e, Options{})
		if err := own.CreateDatabase(ctx, name); err != nil {
			t.Fatal(err)
		}
		aside := openWith(t, Options{DSN: WithDatabase(own.DSN, name)})
		if err := aside.Migrate(ctx, func(Step) {}); err != nil {
			t.Fatal(err)
		}
		if _, err := aside.AddSite(ctx, foule.Site{Name: "Aside", KeepQuery: []string{"kept-parameter"}}); err != nil {
			t.Fatal(err)
		}
		m := foule.Metrics{}
		m[foule.Hits] = 4711
		rows := []storage.DayRow{{Site: 1, Day: foule.DayOf(time.Now(), time.UTC), Dim: foule.DimPage, Label: "/a/label", Metrics: m}}
		if err := aside.Apply(ctx, &storage.Batch{Token: "a/0/1", Days: rows}); err != nil {
			t.Fatal(err)
		}
		tables, all := 0, ""
		err := aside.Dump(ctx, func(_ string, content []byte) error {
			tables++
			all += string(content)
			return nil
		})
		if err != nil || tables < 10 {
			t.Errorf("%d tables were read, %v", tables, err)
		}
		for _, want := range []string{"Aside", "kept-parameter", "/a/label", "4711"} {
			if !strings.Contains(all, want) {
				t.Errorf("what was read lacks %q", want)
			}
		}
		for range 2 {
			if err := own.DropDatabase(ctx, name); err != nil {
				t.Error(err)
			}
		}
		for _, wrong := range []string{"", "a b", own.database} {
			if err := own.DropDatabase(ctx, wrong); err == nil {
				t.Errorf("database %q may be dropped", wrong)
			}
		}
	})
}

func TestWithDatabase(t *testing.T) {
	for dsn, want := range map[string]string{
		"clickhouse://u:p@h:9000/foule":                      "clickhouse://u:p@h:9000/other",
		"clickhouse+https://u:p%2Fq@a,b:1/foule?secure=true": "clickhouse+https://u:p%2Fq@a,b:1/other?secure=true",
		"clickhouse://h?dial_timeout=1s":                     "clickhouse://h/other?dial_timeout=1s",
	} {
		if got := WithDatabase(dsn, "other"); got != want {
			t.Errorf("%s: %s, want %s", dsn, got, want)
		}
	}
}
