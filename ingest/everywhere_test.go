package ingest

import (
	"os"
	"path/filepath"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/storage"
)

// TestLeftOutEverywhere: what the installation leaves out is left out on every
// site and counted by its reason, and so are the hosts of its own spam list.
func TestLeftOutEverywhere(t *testing.T) {
	dir := t.TempDir()
	spam := filepath.Join(dir, "spam.txt")
	if err := os.WriteFile(spam, []byte("buttons.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newStore()
	s.addSite(foule.Site{ID: 2})
	c := open(t, filepath.Join(dir, "collector"), s, newClock(), func(o *Options) {
		o.SpamPath = spam
		o.Everywhere = anonymize.Exclusions{Paths: []string{"/admin"}, Query: []string{"preview"}, Agents: []string{"/intern[ae]l/"}}
	})
	for _, site := range []string{"1", "2"} {
		c.count("idsite", site, "url", "https://example.org/")
		c.count("idsite", site, "url", "https://example.org/admin/x")
		c.count("idsite", site, "url", "https://example.org/?preview=1")
		c.count("idsite", site, "ua", someAgent+" Internal")
		c.count("idsite", site, "urlref", "https://www.buttons.example/")
	}
	c.close()
	counted := rows(s.applied())
	for _, site := range []foule.SiteID{1, 2} {
		for _, reason := range []string{anonymize.ReasonPath, anonymize.ReasonQuery, anonymize.ReasonAgent, anonymize.ReasonReferrerSpam} {
			m := counted[storage.DayRow{Site: site, Day: foule.DayOf(noon, noon.Location()), Dim: foule.DimExcluded, Label: reason}]
			if m[foule.Hits] != 1 {
				t.Errorf("site %d: %d hits left out for %s, want 1", site, m[foule.Hits], reason)
			}
		}
		if n := s.hits(site, foule.DimTotal, ""); n != 1 {
			t.Errorf("site %d: %d page views, want 1", site, n)
		}
	}
}

// TestUnusableExclusions: a start with exclusions that mean nothing says so.
func TestUnusableExclusions(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"a pattern":     func(o *Options) { o.Everywhere.Agents = []string{"/(/"} },
		"an address":    func(o *Options) { o.Everywhere.IPs = []string{"10.0.0.0/33"} },
		"no spam list":  func(o *Options) { o.SpamPath = filepath.Join(o.Dir, "none") },
		"an empty list": func(o *Options) { o.SpamPath = os.DevNull },
	} {
		if c, _, err := tryOpen(t.TempDir(), newStore(), newClock(), change); err == nil {
			c.Close(t.Context())
			t.Errorf("%s: no error", name)
		}
	}
}
