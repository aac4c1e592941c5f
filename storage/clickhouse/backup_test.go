package clickhouse

import (
	"context"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
)

// TestBackup runs docs/deploy.md's commands for a backup and its return, to a
// folder, since the library has no zip: what
// was counted until then is there, and nothing else.
func TestBackup(t *testing.T) {
	ctx := context.Background()
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	s := openOn(t, e, Options{})
	batch := &storage.Batch{Token: "backup/0/1", Days: []storage.DayRow{
		{Site: 1, Day: 20_000, Dim: foule.DimPage, Label: "/", Metrics: foule.Metrics{foule.Hits: 3}},
		{Site: 1, Day: 20_000, Metrics: foule.Metrics{foule.Hits: 3}},
	}}
	apply := func(b *storage.Batch) {
		t.Helper()
		if err := s.Apply(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	apply(batch)
	if _, err := s.AddSite(ctx, foule.Site{Name: "kept"}); err != nil {
		t.Fatal(err)
	}
	content := func() (got *storage.Batch) {
		t.Helper()
		got, err := s.Part(ctx, storage.Part{Site: 1, Day: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	before := content()

	admin := clickhousetest.Connect(t, e.DSN) // whose own database stays
	defer admin.Close()
	run := func(statement string) {
		t.Helper()
		if err := admin.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	run("backup database " + s.database + " to File('foule')")
	apply(&storage.Batch{Token: "backup/0/2", Days: batch.Days})
	run("drop database " + s.database) // sync, as the page has it, waits for ever in the library
	run("restore database " + s.database + " from File('foule')")
	if d := cmp.Diff(before, content()); d != "" {
		t.Errorf("after the backup's return (-before +after):\n%s", d)
	}
	if sites, err := s.Sites(ctx); err != nil || len(sites) != 1 || sites[0].Name != "kept" {
		t.Errorf("sites: %+v, %v", sites, err)
	}
}
