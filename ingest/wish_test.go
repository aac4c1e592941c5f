package ingest

import (
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
)

// TestIgnoresDNT: the opt-out page promises what the endpoint keeps.
func TestIgnoresDNT(t *testing.T) {
	know := func(list ...foule.Site) *Sites {
		byID := map[foule.SiteID]*anonymize.Site{}
		for _, site := range list {
			compiled, err := anonymize.CompileSite(site)
			if err != nil {
				t.Fatal(err)
			}
			byID[site.ID] = compiled
		}
		s := &Sites{}
		s.byID.Store(&byID)
		return s
	}
	all := know(foule.Site{ID: 1}, foule.Site{ID: 2})
	some := know(foule.Site{ID: 1}, foule.Site{ID: 2, IgnoreDNT: true})
	for _, row := range []struct {
		name  string
		sites *Sites
		id    foule.SiteID
		want  bool
	}{
		{"a site that respects", some, 1, false},
		{"a site that does not", some, 2, true},
		{"no site, one does not", some, 0, true},
		{"an unknown site, one does not", some, 99, true},
		{"no site, all respect", all, 0, false},
	} {
		if got := row.sites.IgnoresDNT(row.id); got != row.want {
			t.Errorf("%s: %v", row.name, got)
		}
	}
}
