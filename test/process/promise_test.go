package process

import (
	"context"
	"path/filepath"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage/sqlite"
)

// promise makes a store with sites that promise so much, from number 1 on.
func promise(t *testing.T, data string, privacy ...foule.Privacy) (sites []foule.Site) {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, p := range privacy {
		site := foule.Site{Name: "promises " + string(p.Preset), Timezone: "UTC", Privacy: p, Dimensions: []foule.CustomDimension{
			{ID: 8, Name: "visit", Scope: foule.ScopeVisit}, {ID: 9, Name: "action", Scope: foule.ScopeAction},
		}}
		if site.ID, err = store.AddSite(context.Background(), site); err != nil {
			t.Fatal(err)
		}
		sites = append(sites, site)
	}
	return sites
}
