package anonymize

import (
	"fmt"
	"strings"
	"testing"

	"foule.eu/foule"
)

// secret is what the rule of these tests keeps out: a customer's number, which
// nothing but a rule can know.
const secret, secretRule = "KD-77-ZX", `(?i)\bKD-\d{2}-\w{2}\b`

// TestRulesReachEveryLabel plants a text in all that a hit can say, and looks
// for it in every event that comes of it.
func TestRulesReachEveryLabel(t *testing.T) {
	site := foule.Site{
		Hosts: []string{"example.org"}, KeepQuery: []string{"who"}, KeepFragment: true, SearchCategoryParams: []string{"cat"},
		Dimensions: []foule.CustomDimension{{ID: 1, Name: "d", Scope: foule.ScopeVisit}, {ID: 2, Name: "e", Scope: foule.ScopeAction}},
		Privacy:    foule.Privacy{Scrub: []string{secretRule}},
	}
	url := "https://example.org/of/" + secret + "/%4bD-77-zx/x?who=" + secret + "&who=kd%2D77-ZX#/to/" + secret
	item := Item{SKU: secret, Name: "Boots for " + secret, Categories: []string{secret}, Quantity: 1}
	base := Hit{URL: url, Title: "Hello " + secret, Referrer: "https://from.example/" + secret + "/x", Dimensions: []Dimension{{1, secret}, {2, "of " + secret}}}
	for name, change := range map[string]func(*Hit){
		"a page":     func(*Hit) {},
		"a campaign": func(h *Hit) { h.URL += "?utm_source=x"; h.CampaignName, h.CampaignKeyword = secret, secret },
		"a campaign in the URL": func(h *Hit) {
			h.URL = "https://example.org/?utm_campaign=" + secret + "&utm_source=" + secret + "&utm_medium=" + secret + "&utm_term=" + secret + "&utm_content=" + secret
		},
		"a search":            func(h *Hit) { h.HasSearch, h.Search, h.SearchCategory = true, secret, secret },
		"a search in the URL": func(h *Hit) { h.URL = "https://example.org/?q=kd-77-zx&cat=" + secret },
		"a custom event":      func(h *Hit) { h.EventCategory, h.EventAction, h.EventName = secret, secret, secret },
		"a content": func(h *Hit) {
			h.ContentName, h.ContentPiece, h.ContentTarget = secret, "/img/"+secret+".png", "https://x.example/"+secret
		},
		"a download": func(h *Hit) { h.Download = "https://example.org/" + secret + ".pdf" },
		"an outlink": func(h *Hit) { h.Link = "https://" + strings.ToLower(secret) + ".example/" + secret },
		"a product":  func(h *Hit) { h.Viewed = &item },
		"an order":   func(h *Hit) { h.Goal, h.OrderID, h.Items = 0, "1", []Item{item} },
	} {
		h := newHit(base)
		change(&h)
		e, _ := pipeline(t).Event(&h, compile(t, site))
		got := fmt.Sprintf("%+v", e)
		if strings.Contains(strings.ToLower(got), strings.ToLower(secret)) || strings.Contains(strings.ToLower(got), "kd%2d77") {
			t.Errorf("%s: %s", name, got)
		}
		if e.Kind == foule.KindExcluded || !strings.Contains(got, "[removed]") {
			t.Errorf("%s: nothing was removed: %s", name, got)
		}
	}
}

func TestRules(t *testing.T) {
	for _, row := range []struct{ rule, title, want string }{
		{secretRule, "Order kd-12-ab is on its way", "Order [removed] is on its way"},
		{`\d+`, "1 22 333", "[removed] [removed] [removed]"},
		{`\d`, "a1234b", "a[removed]b"},
		{`.+`, "everything", "[removed]"},
		{`[a-z]`, "write to bob@example.org", "[removed] [removed] [removed]"}, // a rule never uncovers half an address
		{`bob`, "write to bob@example.org now", "write to [removed] now"},
		{`(?i)jean dupont \d+`, "Jean Dupont 0612345678", "[removed]"},
		{`Jean`, "of J\u200bean and Ｊｅａｎ", "of [removed] and [removed]"},
		{`email|move`, "bob@example.org removed", "[email] re[removed]d"},
		{`nothing here`, "Hello", "Hello"},
		// The examples of docs/scrubbing.md.
		{`KD-\d{6}`, "/customer/KD-004711/orders", "/customer/[removed]/orders"},
		{`(?i)^/(patient|dossier)/.*`, "/patient/jane-doe/2024", "[removed]"},
		{`(?i)dr\.? \p{Lu}\p{L}+`, "Termin bei Dr. Beispiel", "Termin bei [removed]"},
		{`\b\d{14}\b`, "siret 55210055400013", "siret [removed]"},
	} {
		e := eventOf(t, foule.Site{Privacy: foule.Privacy{Scrub: []string{row.rule}}}, Hit{Title: row.title})
		if e.Title != row.want {
			t.Errorf("%s: %q becomes %q, want %q", row.rule, row.title, e.Title, row.want)
		}
		if !strings.HasPrefix(row.title, "/") {
			continue
		}
		e = eventOf(t, foule.Site{Privacy: foule.Privacy{Scrub: []string{row.rule}}}, Hit{URL: "https://example.org" + row.title})
		if e.Page != row.want {
			t.Errorf("%s: path %q becomes %q, want %q", row.rule, row.title, e.Page, row.want)
		}
	}
	kept := foule.Site{KeepQuery: []string{"for"}, Privacy: foule.Privacy{Scrub: []string{"Jean Dupont"}}}
	if e := eventOf(t, kept, Hit{URL: "https://example.org/p?for=Jean+Dupont"}); e.Page != "/p?for=[removed]" {
		t.Errorf("a blank in a query: %q", e.Page)
	}
}

// TestRulesLeaveGoals: a goal is compared with what was sent.
func TestRulesLeaveGoals(t *testing.T) {
	site := foule.Site{
		Goals:   []foule.Goal{{ID: 1, Match: foule.MatchURL, Pattern: secret, PatternType: foule.PatternContains}},
		Privacy: foule.Privacy{Scrub: []string{secretRule}},
	}
	if e := eventOf(t, site, Hit{URL: "https://example.org/" + secret}); len(e.Conversions) != 1 || e.Page != "/[removed]" {
		t.Errorf("%q with conversions %v", e.Page, e.Conversions)
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	for name, rules := range map[string][]string{
		"no expression": {"("}, "empty": {""}, "of nothing": {"x*"}, "too long": {strings.Repeat("x", 501)},
		"too many": strings.Split(strings.Repeat("x ", 51), " ")[:51], "too large": {`(\pL{200}){6}`},
	} {
		if _, err := CompileSite(foule.Site{Privacy: foule.Privacy{Scrub: rules}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
