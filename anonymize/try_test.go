package anonymize

import (
	"fmt"
	"slices"
	"testing"

	"foule.eu/foule"
)

// TestTry: what is shown as kept is what a hit leaves.
func TestTry(t *testing.T) {
	site := foule.Site{Hosts: []string{"example.org"}, ExcludedPaths: []string{"/admin"}, Privacy: foule.Privacy{Scrub: []string{`KD-\d+`}}}
	p, compiled := pipeline(t), compile(t, site)
	for _, row := range []struct {
		sample Sample
		text   string
		want   []string
		reason string
	}{
		{SamplePage, "https://example.org/u/bob@example.org?x=1#y", []string{"page /u/[email]"}, ""},
		{SamplePage, "https://example.org/find?q=KD-77", []string{"search [removed]"}, ""},
		{SamplePage, "https://example.org/?utm_campaign=bob%40example.org", []string{"page /", "campaign [email]"}, ""},
		{SamplePage, "https://elsewhere.example/u/KD-1", []string{"page /u/[removed]"}, ReasonForeignHost},
		{SamplePage, "https://example.org/admin/bob@example.org", []string{"page /admin/[email]"}, ReasonPath},
		{SamplePage, "no address", nil, ""},
		{SampleText, "Order KD-1 for bob@example.org", []string{"title Order [removed] for [email]"}, ""},
		{SampleSearch, "06 39 98 00 12", []string{"search [phone]"}, ""},
		{SampleLink, "https://out.example/a?who=bob", []string{"outlink out.example/a"}, ""},
		{SampleReferrer, "https://blog.example/KD-5/x?y", []string{"referrer_page blog.example/[removed]/x", "source blog.example"}, ""},
		{SampleReferrer, "http://semalt.com/", nil, ReasonReferrerSpam},
	} {
		kept := p.Try(compiled, row.sample, row.text, morning)
		var got []string
		for _, l := range kept.Labels {
			got = append(got, fmt.Sprintf("%s %s", l.Dim, l.Text))
		}
		if !slices.Equal(got, row.want) || kept.Reason != row.reason {
			t.Errorf("%s %q: %q, %q; want %q, %q", row.sample, row.text, got, kept.Reason, row.want, row.reason)
		}
	}
}
