package anonymize

import (
	"net/netip"
	"testing"
	"time"

	"foule.eu/foule"
)

// BenchmarkEvent reports the cost of a hit from Hit to Event and Key, with a
// user agent that was seen before.
func BenchmarkEvent(b *testing.B) {
	site, err := CompileSite(foule.Site{ID: 1, Timezone: "Europe/Paris", Hosts: []string{"example.org"}, Goals: []foule.Goal{
		{ID: 1, Match: foule.MatchURL, Pattern: "/thank-you", PatternType: foule.PatternContains},
	}})
	if err != nil {
		b.Fatal(err)
	}
	h := Hit{
		Site: 1, Time: time.Now(), IP: netip.MustParseAddr("192.0.2.77"),
		UserAgent:      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
		AcceptLanguage: "fr-FR,fr;q=0.9,en;q=0.5",
		URL:            "https://www.example.org/section/how-we-count-the-crowd-2026?utm_source=newsletter", Referrer: "https://www.google.com/",
		Title: "How we count the crowd", Resolution: "1920x1080", LocalHour: 14, SearchCount: -1, Goal: -1,
	}
	p := pipeline(b)
	b.ReportAllocs()
	for b.Loop() {
		if e, _ := p.Event(&h, site); e.Kind != foule.KindPageView {
			b.Fatalf("kind %d, reason %q", e.Kind, e.Reason)
		}
	}
}
