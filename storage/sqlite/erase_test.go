package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// aDay has many labels of a day, in no order.
func aDay(rng *rand.Rand, site foule.SiteID, day foule.Day, labels int) *storage.Batch {
	b := &storage.Batch{Token: fmt.Sprintf("fill-%d/0/%d", site, day)}
	for _, n := range rng.Perm(labels) {
		label := labelNamed(site, day, n)
		b.Days = append(b.Days,
			storage.DayRow{Site: site, Day: day, Dim: foule.DimPage, Label: label, Metrics: visits(1)},
			storage.DayRow{Site: site, Day: day, Dim: foule.DimEntryPage, Label: label, Metrics: visits(1)},
			storage.DayRow{Site: site, Day: day, Dim: foule.DimPage, Label: label, By: foule.DimEntryPage, ByLabel: label, Metrics: visits(1)})
	}
	return b
}

func labelNamed(site foule.SiteID, day foule.Day, n int) string {
	return fmt.Sprintf("/canary-%d-%d-%d/%0*d.", site, day, n, 5+n%90, n)
}

var canary = regexp.MustCompile(`/canary-[0-9-]+/[0-9]+\.`)

// inFiles gives those of the labels that stand in the bytes of the file or its log.
func inFiles(t *testing.T, path string, labels []string) (found []string) {
	t.Helper()
	there := map[string]bool{}
	for _, name := range []string{path, path + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, label := range canary.FindAll(data, -1) {
			there[string(label)] = true
		}
	}
	for _, label := range labels {
		if there[label] {
			found = append(found, label)
		}
	}
	return found
}

// What is erased is gone from the bytes of the file and its log, however its
// pages were split and moved about before.
func TestErasedBytes(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "bytes.db")
	s := openAt(t, path)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		if _, err := s.AddSite(ctx, foule.Site{Name: "one"}); err != nil {
			t.Fatal(err)
		}
	}
	const days, labels = 6, 1500
	now := (march12 + 1).Start(time.UTC)
	for day := range foule.Day(days) {
		for site := range foule.SiteID(3) {
			if err := s.Apply(ctx, aDay(rng, site+1, march12-40+day, labels)); err != nil {
				t.Fatal(err)
			}
		}
	}
	order := func(o storage.EraseOrder) {
		t.Helper()
		o.At = now
		if _, err := s.Erase(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	var gone, kept []string
	for n := range labels {
		for day := range foule.Day(days) {
			gone = append(gone, labelNamed(1, march12-40+day, n))
			if day >= 2 && day <= 3 {
				gone = append(gone, labelNamed(2, march12-40+day, n))
			} else {
				kept = append(kept, labelNamed(2, march12-40+day, n))
			}
			if n%100 == 42 {
				gone = append(gone, labelNamed(3, march12-40+day, n))
			} else {
				kept = append(kept, labelNamed(3, march12-40+day, n))
			}
		}
	}
	if got := inFiles(t, path, gone); len(got) != len(gone) {
		t.Fatalf("%d of %d labels are in the file before", len(got), len(gone))
	}
	order(storage.EraseOrder{Kind: storage.ErasedSite, Site: 1})
	order(storage.EraseOrder{Kind: storage.ErasedRange, Site: 2, From: march12 - 38, To: march12 - 37})
	order(storage.EraseOrder{Kind: storage.ErasedLabel, Site: 3, Match: storage.LabelMatch{Text: "42/", Contains: true}})
	if got := inFiles(t, path, gone); len(got) > 0 {
		t.Errorf("%d erased labels are still in the file, such as %q", len(got), got[0])
	}
	if got := inFiles(t, path, kept); len(got) != len(kept) {
		t.Errorf("%d of %d labels are left", len(got), len(kept))
	}
}
