package anonymize

import (
	"net/netip"
	"strings"
	"testing"

	"foule.eu/foule"
)

func TestParseRange(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"192.0.2.7", "192.0.2.7/32"},
		{" 192.0.2.7 ", "192.0.2.7/32"},
		{"192.0.2.7/24", "192.0.2.0/24"},
		{"192.0.2.*", "192.0.2.0/24"},
		{"192.0.*.*", "192.0.0.0/16"},
		{"192.*.*.*", "192.0.0.0/8"},
		{"2001:db8::/32", "2001:db8::/32"},
		{"2001:db8::1", "2001:db8::1/128"},
	} {
		got, err := ParseRange(row.text)
		if err != nil || got.String() != row.want {
			t.Errorf("ParseRange(%q) = %s, %v; want %s", row.text, got, err, row.want)
		}
	}
	for _, text := range []string{"", "*", "*.*.*.*", "192.0.2", "192.*.2.*", "192.0.2.7/33", "192.0.2.256", "example.org", "2001:db8:*"} {
		if got, err := ParseRange(text); err == nil {
			t.Errorf("ParseRange(%q) = %s, want an error", text, got)
		}
	}
}

func FuzzParseRange(f *testing.F) {
	for _, s := range []string{"192.0.2.7", "192.0.2.7/24", "192.0.*.*", "2001:db8::/32", "::ffff:192.0.2.0/120", ".*.*", "fe80::1%eth0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParseRange(text)
		if err != nil {
			return
		}
		again, err := ParseRange(p.String())
		if err != nil || again != p {
			t.Errorf("%q is %s, which is read as %s, %v", text, p, again, err)
		}
		if !p.Contains(p.Addr()) {
			t.Errorf("%q is %s, which does not hold its own address", text, p)
		}
	})
}

func TestOwns(t *testing.T) {
	site := compile(t, foule.Site{Hosts: []string{"Example.org", "www.other.example", "*.wild.example"}})
	for host, want := range map[string]bool{
		"example.org": true, "www.example.org": true, "other.example": true, "www.other.example": true,
		"shop.example.org": false, "example.org.evil.example": false, "notexample.org": false, "": false,
		"wild.example": true, "www.wild.example": true, "a.b.wild.example": true, "evilwild.example": false, "wild.example.evil": false,
	} {
		if got := site.owns(host); got != want {
			t.Errorf("owns(%q) = %t, want %t", host, got, want)
		}
	}
}

func TestExcludesIP(t *testing.T) {
	site := compile(t, foule.Site{ExcludedIPs: []string{"192.0.2.7", "198.51.100.0/25", "203.0.*.*", "2001:db8:1::/48"}})
	for ip, want := range map[string]bool{
		"192.0.2.7": true, "192.0.2.8": false, "::ffff:192.0.2.7": true,
		"198.51.100.127": true, "198.51.100.128": false, "203.0.113.9": true, "203.1.0.1": false,
		"2001:db8:1:2::3": true, "2001:db8:2::1": false,
	} {
		if got := site.excludesIP(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s is excluded: %t, want %t", ip, got, want)
		}
	}
}

// TestExcludesMappedRange: a range may be written in the mapped form, too.
func TestExcludesMappedRange(t *testing.T) {
	site := compile(t, foule.Site{ExcludedIPs: []string{"::ffff:192.0.2.7", "::ffff:198.51.100.0/120"}})
	for ip, want := range map[string]bool{"192.0.2.7": true, "192.0.2.8": false, "198.51.100.9": true, "198.51.101.9": false} {
		if got := site.excludesIP(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s is excluded: %t, want %t", ip, got, want)
		}
	}
}

func TestCompileSiteListsFaults(t *testing.T) {
	_, err := CompileSite(foule.Site{ID: 7, Timezone: "Mars/Olympus", ExcludedIPs: []string{"1.2.3.4", "nope"}, Goals: []foule.Goal{
		{ID: 1, Match: foule.MatchURL, PatternType: foule.PatternRegex, Pattern: "("},
	}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"site 7", "Mars/Olympus", "nope", "goal 1"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
}

// TestExclude: the first of several reasons is the one that counts.
func TestExclude(t *testing.T) {
	site := foule.Site{
		Hosts: []string{"example.org"}, ExcludedIPs: []string{"192.0.2.7"}, ExcludedAgents: []string{"KIOSK"}, ExcludedPaths: []string{"/admin*", "/draft"},
	}
	all := Hit{
		OptedOut: true, GlobalPrivacyControl: true, DoNotTrack: true, Prefetch: true, UserAgent: "Googlebot/2.1 kiosk",
		IP: netip.MustParseAddr("192.0.2.7"), Referrer: "http://semalt.com/", URL: "https://elsewhere.example/admin/x",
	}
	steps := []struct {
		reason  string
		without func(*Hit)
	}{
		{ReasonOptOut, func(h *Hit) { h.OptedOut = false }},
		{ReasonGPC, func(h *Hit) { h.GlobalPrivacyControl = false }},
		{ReasonDoNotTrack, func(h *Hit) { h.DoNotTrack = false }},
		{ReasonPrefetch, func(h *Hit) { h.Prefetch = false }},
		{ReasonBot, func(h *Hit) { h.UserAgent = someAgent + " Kiosk/1.0" }},
		{ReasonAddress, func(h *Hit) { h.IP = netip.MustParseAddr("192.0.2.8") }},
		{ReasonAgent, func(h *Hit) { h.UserAgent = someAgent }},
		{ReasonReferrerSpam, func(h *Hit) { h.Referrer = "" }},
		{ReasonPath, func(h *Hit) { h.URL = "https://elsewhere.example/public" }},
		{ReasonForeignHost, func(h *Hit) { h.URL = "https://www.example.org/public" }},
		{"", func(*Hit) {}},
	}
	p := pipeline(t)
	for _, step := range steps {
		e, keys := p.Event(&all, compile(t, site))
		if e.Reason != step.reason || (e.Kind == foule.KindExcluded) != (step.reason != "") {
			t.Errorf("kind %d, reason %q; want %q", e.Kind, e.Reason, step.reason)
		}
		if step.reason != "" && keys != (Keys{}) {
			t.Errorf("%s: an excluded hit has a key", step.reason)
		}
		step.without(&all)
	}
}

func TestExcludeSettings(t *testing.T) {
	for _, row := range []struct {
		name   string
		site   foule.Site
		hit    Hit
		reason string
	}{
		{"DNT, ignored by the site", foule.Site{IgnoreDNT: true}, Hit{DoNotTrack: true}, ""},
		{"GPC, which no site ignores", foule.Site{IgnoreDNT: true}, Hit{GlobalPrivacyControl: true}, ReasonGPC},
		{"a bot that is to be counted", foule.Site{}, Hit{UserAgent: "Googlebot/2.1", CountBots: true}, ""},
		{"any host", foule.Site{Hosts: []string{"example.org"}, AnyHost: true}, Hit{URL: "https://elsewhere.example/"}, ""},
		{"a site without hosts", foule.Site{}, Hit{URL: "https://elsewhere.example/"}, ""},
		{"no page", foule.Site{Hosts: []string{"example.org"}}, Hit{}, ""},
		{"a path prefix", foule.Site{ExcludedPaths: []string{"/draft"}}, Hit{URL: "https://example.org/drafts/1"}, ReasonPath},
		{"another path", foule.Site{ExcludedPaths: []string{"/draft"}}, Hit{URL: "https://example.org/a/draft"}, ""},
	} {
		hit := newHit(row.hit)
		if e, _ := pipeline(t).Event(&hit, compile(t, row.site)); e.Reason != row.reason {
			t.Errorf("%s: %q, want %q", row.name, e.Reason, row.reason)
		}
	}
}
