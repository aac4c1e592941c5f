package ingest

import (
	"testing"

	"foule.eu/foule"
)

// TestPromises: what a site promises holds from the wire to the batch, across a
// restart that replays the journal: a site without visitors makes no secret and
// counts visits by where they come from, one that asks for consent tells the two
// apart, and both count what they drop.
func TestPromises(t *testing.T) {
	s, now, dir := newStore(), newClock(), t.TempDir()
	s.addSite(foule.Site{ID: 5, Privacy: foule.Privacy{Preset: foule.PresetNoVisitorKey}})
	s.addSite(foule.Site{ID: 6, Privacy: foule.Privacy{Preset: foule.PresetCNIL, Consent: true}})
	c := open(t, dir, s, now)
	const page, elsewhere = "https://example.org/p", "https://www.bing.com/search?q=secret"
	for _, from := range []string{"", elsewhere, page, page} {
		c.count("idsite", "5", "url", page, "urlref", from, "uid", "jane", "res", "1920x1080")
	}
	c.count("idsite", "5", "ping", "1")
	if left := c.secrets.Expire(); left != 0 {
		t.Errorf("there are %d secrets", left)
	}
	c.abandon()
	c = open(t, dir, s, now)
	for range 2 {
		c.count("idsite", "6", "url", page, "urlref", elsewhere, "utm_campaign", "spring")
		c.count("idsite", "6", "url", page, "urlref", elsewhere, "utm_campaign", "spring", "consent", "1")
	}
	c.count("idsite", "6", "c_n", "banner")
	c.close()
	for _, row := range []struct {
		site   foule.SiteID
		dim    foule.Dimension
		label  string
		metric foule.Metric
		want   int64
	}{
		{5, foule.DimTotal, "", foule.Visits, 2}, {5, foule.DimTotal, "", foule.Hits, 4}, {5, foule.DimTotal, "", foule.Visitors, 0},
		{5, foule.DimSource, "Bing", foule.Visits, 1}, {5, foule.DimSource, "", foule.Hits, 3}, {5, foule.DimResolution, "", foule.Hits, 4},
		{5, foule.DimDropped, "uid", foule.Hits, 4}, {5, foule.DimDropped, "res", foule.Hits, 4}, {5, foule.DimDropped, "(referrer query)", foule.Hits, 1},
		{5, foule.DimExcluded, "not_collected", foule.Hits, 1}, {5, foule.DimDropped, "ping", foule.Hits, 1},
		{6, foule.DimTotal, "", foule.Visitors, 2}, {6, foule.DimConsent, "yes", foule.Visits, 1}, {6, foule.DimConsent, "no", foule.Visits, 1},
		{6, foule.DimSource, "www.bing.com", foule.Visits, 1}, {6, foule.DimCampaign, "spring", foule.Visits, 1}, {6, foule.DimChannel, "", foule.Visits, 1},
		{6, foule.DimDropped, "utm_campaign", foule.Hits, 2}, {6, foule.DimDropped, "consent", foule.Hits, 0}, {6, foule.DimDropped, "c_n", foule.Hits, 1},
		{6, foule.DimContentName, "banner", foule.Hits, 0},
	} {
		if got := s.counted(row.site, row.dim, row.label, row.metric); got != row.want {
			t.Errorf("site %d, %s %q: %d %s, want %d", row.site, row.dim, row.label, got, row.metric, row.want)
		}
	}
}
