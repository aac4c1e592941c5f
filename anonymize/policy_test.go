package anonymize

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

func droppedNames(names ...string) (d foule.Dropped) {
	for _, name := range names {
		if !d.Add(name) {
			panic("no such name: " + name)
		}
	}
	return d
}

// kinds are hits that say all that a hit of their kind can say, and the wire names
// of it.
func kinds() map[string]Hit {
	everything := func() Hit {
		h := Hit{
			AcceptLanguage: "fr-FR", ClientHints: `{"platform":"Windows","platformVersion":"15.0.0"}`,
			URL: "https://example.org/p?utm_source=letter", Referrer: "https://www.google.com/search", Title: "Title",
			NewVisit: true, CustomAction: true, PageViewID: "abcdef", Resolution: "1920x1080", LocalHour: 7,
			EventName: "name", HasEventValue: true, EventValue: 2, ContentPiece: "piece", ContentTarget: "aim", ContentInteraction: "click",
			SearchCategory: "category", SearchCount: 3, Revenue: 5, HasRevenue: true, Subtotal: 1, Tax: 1, Shipping: 1, Discount: 1,
			Items: []Item{{SKU: "sku"}}, Viewed: &Item{SKU: "seen", Name: "seen", Categories: []string{"seen"}, Price: 2},
			Dimensions: []Dimension{{1, "gold"}, {2, "section"}}, Country: "FR", Region: "IDF", City: "Paris",
			CampaignName: "spring", CampaignKeyword: "word", Sent: droppedNames("lang", "mtm_campaign", "mtm_kwd"),
		}
		for i := range foule.Timing(foule.NumTimings) {
			h.Timings.Set(i, 10)
		}
		return h
	}
	with := func(change func(*Hit)) Hit {
		h := newHit(everything())
		change(&h)
		return h
	}
	return map[string]Hit{
		"page view": with(func(*Hit) {}),
		"ping":      with(func(h *Hit) { h.Ping = true }),
		"search":    with(func(h *Hit) { h.HasSearch, h.Search = true, "word" }),
		"download":  with(func(h *Hit) { h.Download = "https://example.org/f.pdf" }),
		"outlink":   with(func(h *Hit) { h.Link = "https://elsewhere.example/" }),
		"event":     with(func(h *Hit) { h.EventCategory, h.EventAction = "category", "action" }),
		"content":   with(func(h *Hit) { h.ContentName = "banner" }),
		"goal":      with(func(h *Hit) { h.Goal = 1 }),
		"cart":      with(func(h *Hit) { h.Goal = 0 }),
		"order":     with(func(h *Hit) { h.Goal, h.OrderID = 0, "order" }),
	}
}

func policySite() foule.Site {
	return foule.Site{
		Hosts: []string{"example.org"},
		Goals: []foule.Goal{{ID: 1, Match: foule.MatchManual}, {ID: 2, Match: foule.MatchURL, Pattern: "/p", PatternType: foule.PatternContains}},
		Funnels: []foule.Funnel{{ID: 1, Steps: []foule.FunnelStep{
			{Match: foule.MatchURL, Pattern: "/p", PatternType: foule.PatternContains}, {Goal: 1}}}},
		Dimensions: []foule.CustomDimension{{ID: 1, Scope: foule.ScopeVisit}, {ID: 2, Scope: foule.ScopeAction}},
	}
}

// labels are what an event says under each dimension that stands in it.
func labels(e *foule.Event) map[foule.Dimension]string {
	hour := func(h uint8) string { return strings.Replace(fmt.Sprint(h), fmt.Sprint(foule.NoHour), "", 1) }
	var skus, names, categories string
	for _, p := range e.Basket.Products {
		skus, names, categories = skus+p.SKU, names+p.Name, categories+strings.Join(p.Categories, "")
	}
	all := map[foule.Dimension]string{
		foule.DimTitle: e.Title, foule.DimChannel: string(e.Channel), foule.DimSource: e.Source, foule.DimReferrerPage: e.ReferrerPage,
		foule.DimCampaign: e.Campaign.Name, foule.DimCampaignSource: e.Campaign.Source, foule.DimCampaignMedium: e.Campaign.Medium,
		foule.DimCampaignTerm: e.Campaign.Term, foule.DimCampaignDetail: e.Campaign.Content,
		foule.DimContinent: e.Place.Continent, foule.DimCountry: e.Place.Country, foule.DimRegion: e.Place.Region, foule.DimCity: e.Place.City,
		foule.DimLanguage: e.Language, foule.DimDeviceType: e.Device.Type, foule.DimBrand: e.Device.Brand, foule.DimBrowser: e.Device.Browser,
		foule.DimBrowserVersion: e.Device.BrowserVersion, foule.DimOS: e.Device.OS, foule.DimOSVersion: e.Device.OSVersion,
		foule.DimResolution: e.Resolution, foule.DimLocalHour: hour(e.LocalHour),
		foule.DimSearch: e.Search.Keyword, foule.DimSearchCategory: e.Search.Category,
		foule.DimEventCategory: e.Custom.Category, foule.DimEventAction: e.Custom.Action, foule.DimEventName: e.Custom.Name,
		foule.DimContentName: e.Content.Name, foule.DimContentPiece: e.Content.Piece, foule.DimContentTarget: e.Content.Target,
		foule.DimProduct: names, foule.DimProductSKU: skus, foule.DimProductCategory: categories,
	}
	some := func(is bool, dims ...foule.Dimension) {
		for _, d := range dims {
			if is {
				all[d] = "some"
			}
		}
	}
	some(e.Kind == foule.KindDownload, foule.DimDownload)
	some(e.Kind == foule.KindOutlink, foule.DimOutlink)
	some(len(e.Conversions) > 0, foule.DimGoal)
	some(len(e.Steps) > 0, foule.DimFunnelStep)
	some(e.Basket.Kind != foule.BasketNone, foule.DimBasket)
	some(e.Basket.Kind == foule.BasketCart, foule.DimCartSKU, foule.DimCartProduct, foule.DimCartCategory)
	some(e.Timings.Known != 0, foule.DimTiming, foule.DimTimingBucket, foule.DimLoadTime)
	some(e.Kind != foule.KindExcluded && !e.NoFlows, foule.DimNextPage, foule.DimPreviousPage)
	for _, v := range e.Values {
		all[v.Dim] = v.Text
	}
	return all
}

// TestEveryFeatureCanBeLeftAlone: without a feature, its dimensions stay empty
// and its parameters are counted as dropped, whatever a hit is; with all of them,
// nothing of theirs is.
func TestEveryFeatureCanBeLeftAlone(t *testing.T) {
	sent := map[string]bool{} // names that some hit holds
	for name, hit := range kinds() {
		h := hit
		e, _ := pipeline(t).Event(&h, compile(t, policySite()))
		if e.Kind == foule.KindExcluded || !e.Dropped.IsZero() {
			t.Fatalf("%s: with every feature %q, dropped %s", name, e.Reason, e.Dropped)
		}
		before := labels(&e)
		for _, f := range privacy.Features {
			site := policySite()
			site.Privacy.Off = []foule.Feature{f.Name}
			h := hit
			e, keys := pipeline(t).Event(&h, compile(t, site))
			after := labels(&e)
			for _, dim := range f.Dims {
				if f.Name == foule.FeatureVisitors && (dim == foule.DimNextPage || dim == foule.DimPreviousPage) {
					continue // aggregate has no visit to find them in
				}
				if f.Name == foule.FeatureReferrers && dim == foule.DimSource && e.Campaign.Name != "" {
					continue // the campaign's
				}
				if after[dim] != "" {
					t.Errorf("%s without %s: %s is %q", name, f.Name, dim, after[dim])
				}
			}
			e.Dropped.Each(func(n int) { sent[foule.DroppedName(n)] = true })
			for _, other := range []foule.Dimension{foule.DimTitle, foule.DimLanguage, foule.DimResolution, foule.DimDeviceType} {
				if len(privacy.Fills(other)) == 1 && privacy.Fills(other)[0] != f.Name && e.Kind != foule.KindExcluded && after[other] != before[other] {
					t.Errorf("%s without %s: %s is %q, was %q", name, f.Name, other, after[other], before[other])
				}
			}
			if (keys.Visitor == Key{}) != (f.Name == foule.FeatureVisitors || e.Kind == foule.KindExcluded) {
				t.Errorf("%s without %s: key %x", name, f.Name, keys.Visitor)
			}
			if e.Kind == foule.KindExcluded && e.Reason != ReasonNotCollected {
				t.Errorf("%s without %s: %s", name, f.Name, e.Reason)
			}
		}
	}
	for _, f := range privacy.Features {
		for _, name := range f.Params {
			if !droppedNameIs(name) {
				t.Errorf("%s of %s is no name that can be counted as dropped", name, f.Name)
			}
		}
	}
	for _, name := range strings.Fields(`new_visit ping urlref action_name search search_cat search_count link download e_c e_a e_n e_v ca c_n c_p c_t c_i
		idgoal revenue ec_id ec_items ec_st ec_tx ec_sh ec_dt _pks _pkn _pkc _pkp pf_net pf_srv pf_tfr pf_dm1 pf_dm2 pf_onl pv_id uadata res h
		country region city lang dimension utm_source mtm_campaign mtm_kwd`) {
		if !sent[name] {
			t.Errorf("%s is dropped by no site, or not counted", name)
		}
	}
}

func droppedNameIs(name string) bool { return new(foule.Dropped).Add(name) }

// TestWhatIsNotCollected: a hit that is nothing but what the site leaves alone is
// left out and says why; a page that shows a search is a page all the same.
func TestWhatIsNotCollected(t *testing.T) {
	for feature, out := range map[foule.Feature]string{
		foule.FeatureVisitors: "ping cart", foule.FeatureSearches: "search", foule.FeatureLinks: "download outlink", foule.FeatureEvents: "event",
		foule.FeatureContents: "content", foule.FeatureGoals: "goal", foule.FeatureShop: "cart order", foule.FeatureTitles: "",
	} {
		site := policySite()
		site.Privacy.Off = []foule.Feature{feature}
		for name, h := range kinds() {
			e, _ := pipeline(t).Event(&h, compile(t, site))
			if got, want := e.Kind == foule.KindExcluded, strings.Contains(out, name); got != want {
				t.Errorf("%s without %s: left out is %t (%s)", name, feature, got, e.Reason)
			}
			if e.Kind == foule.KindExcluded && e.Dropped.IsZero() {
				t.Errorf("%s without %s: nothing is counted as dropped", name, feature)
			}
		}
	}
	site := policySite()
	site.Privacy.Off = []foule.Feature{foule.FeatureSearches}
	if e := eventOf(t, site, Hit{URL: "https://example.org/s?q=word"}); e.Kind != foule.KindPageView || e.Page != "/s" || e.Dropped != droppedNames(foule.DroppedQuery) {
		t.Errorf("a page that shows a search: %+v", e)
	}
}

// TestCNIL: where a visit came from is a host and nothing more.
func TestCNIL(t *testing.T) {
	site := policySite()
	site.Privacy.Preset = foule.PresetCNIL
	site.IgnoreDNT = true // which the preset overrules
	const page = "https://example.org/p"
	for _, row := range []struct {
		name, source string
		hit          Hit
		dropped      foule.Dropped
	}{
		{"nothing", "", Hit{URL: page}, droppedNames()},
		{"a search engine is a host", "www.google.com", Hit{URL: page, Referrer: "https://www.google.com/search?q=x"}, droppedNames(foule.DroppedReferrerQuery)},
		{"an assistant too", "chatgpt.com", Hit{URL: page, Referrer: "https://chatgpt.com/c/1"}, droppedNames()},
		{"an app too", "com.google.android.gm", Hit{URL: page, Referrer: "android-app://com.google.android.gm/"}, droppedNames()},
		{"a website has no page", "blog.example.net", Hit{URL: page, Referrer: "https://blog.example.net/u/jane"}, droppedNames()},
		{"the site itself is none", "", Hit{URL: page, Referrer: "https://example.org/other"}, droppedNames()},
		{"a campaign leaves no trace", "", Hit{URL: page + "?utm_source=a&utm_campaign=b&mtm_keyword=c&pk_campaign=d&UTM_TERM=e"},
			droppedNames("utm_source", "utm_campaign", "mtm_keyword", "pk_campaign", "utm_term")},
		{"nor beside a referrer", "blog.example.net", Hit{URL: page + "#utm_campaign=b", Referrer: "https://blog.example.net/"}, droppedNames("utm_campaign")},
		{"nor in the request", "", Hit{URL: page, CampaignName: "a", CampaignKeyword: "b", Sent: droppedNames("mtm_campaign", "mtm_kwd")}, droppedNames("mtm_campaign", "mtm_kwd")},
		{"an assistant's parameter is none", "", Hit{URL: page + "?utm_source=chatgpt.com"}, droppedNames("utm_source")},
		{"a click id says nothing", "", Hit{URL: page + "?gclid=secret"}, droppedNames("gclid")},
	} {
		e := eventOf(t, site, row.hit)
		if e.Kind != foule.KindPageView || e.Source != row.source || e.Channel != "" || e.ReferrerPage != "" || e.Campaign != (foule.Campaign{}) || e.Dropped != row.dropped {
			t.Errorf("%s: source %q, channel %q, page %q, campaign %+v, dropped %s", row.name, e.Source, e.Channel, e.ReferrerPage, e.Campaign, e.Dropped)
		}
	}
	if e := eventOf(t, site, Hit{URL: page, DoNotTrack: true}); e.Reason != ReasonDoNotTrack {
		t.Errorf("Do Not Track: %+v", e)
	}
	if e := eventOf(t, site, Hit{URL: page, Referrer: "https://semalt.com/"}); e.Reason != ReasonReferrerSpam {
		t.Errorf("a spam referrer: %+v", e)
	}
}

// TestNoReferrers: without referrers nobody knows that a visit came directly.
func TestNoReferrers(t *testing.T) {
	site := policySite()
	site.Privacy.Off = []foule.Feature{foule.FeatureReferrers}
	if e := eventOf(t, site, Hit{URL: "https://example.org/p", Referrer: "https://www.google.com/"}); e.Channel != "" || e.Source != "" || !e.Dropped.Has("urlref") {
		t.Errorf("%q, %q, %s", e.Channel, e.Source, e.Dropped)
	}
	if e := eventOf(t, site, Hit{URL: "https://example.org/p?utm_campaign=x"}); e.Channel != foule.ChannelCampaign {
		t.Errorf("a campaign: %q", e.Channel)
	}
	if e := eventOf(t, site, Hit{URL: "https://example.org/p", Referrer: "https://semalt.com/"}); e.Reason != ReasonReferrerSpam {
		t.Errorf("a spam referrer: %+v", e)
	}
}

// TestNoVisitorKey: no secret is made for such a site, so that there is nothing
// that could tell anybody apart; an order alone makes one, of its id.
func TestNoVisitorKey(t *testing.T) {
	raw := policySite()
	raw.Privacy.Preset = foule.PresetNoVisitorKey
	raw.ExcludedReferrers = []string{"pay.example"}
	p, site := pipeline(t), compile(t, raw)
	play := func(h Hit) (foule.Event, Keys) {
		h = newHit(h)
		return p.Event(&h, site)
	}
	for _, row := range []struct {
		name  string
		entry bool
		hit   Hit
	}{
		{"from nowhere", true, Hit{URL: "https://example.org/p"}},
		{"from a search engine", true, Hit{URL: "https://example.org/p", Referrer: "https://www.google.com/"}},
		{"from the site", false, Hit{URL: "https://example.org/p", Referrer: "https://www.example.org/"}},
		{"from where nobody comes from", false, Hit{URL: "https://example.org/p", Referrer: "https://www.pay.example/done"}},
		{"asked not to tell", false, Hit{URL: "https://example.org/p?ignore_referrer=1", Referrer: "https://www.google.com/"}},
		{"a search on the first page", true, Hit{HasSearch: true, Search: "word"}},
		{"an event on the first page", false, Hit{URL: "https://example.org/p", EventCategory: "c", EventAction: "a"}},
		{"asked for", false, Hit{URL: "https://example.org/p", NewVisit: true, Referrer: "https://www.example.org/"}},
	} {
		e, keys := play(row.hit)
		if e.Entry != row.entry || e.Kind == foule.KindExcluded || keys != (Keys{}) || e.NewVisit || e.PageView != 0 || len(e.Steps) > 0 {
			t.Errorf("%s: keys %x, %+v", row.name, keys, e)
		}
	}
	if left := p.Secrets.Expire(); left != 0 {
		t.Fatalf("there are %d secrets", left)
	}
	h := newHit(Hit{OrderID: "A"})
	h.Goal = 0
	e, keys := p.Event(&h, site)
	if e.Basket.Kind != foule.BasketOrder || keys.Visitor != (Key{}) || keys.Order == (Key{}) {
		t.Errorf("an order: keys %x, %+v", keys, e)
	}
	if !p.Secrets.TakeOrder(e.Site, e.Day, keys.Order) || p.Secrets.TakeOrder(e.Site, e.Day, keys.Order) {
		t.Error("an order is not known again")
	}
	if other := eventOf(t, policySite(), Hit{URL: "https://example.org/p"}); other.Entry {
		t.Error("a hit with a visitor says that it begins a visit")
	}
}

// TestConsent: it counts only where the site asks for it; then the wider list
// holds for that hit, and its visitor is another.
func TestConsent(t *testing.T) {
	for _, preset := range []foule.Preset{foule.PresetCNIL, foule.PresetNoVisitorKey} {
		raw := policySite()
		raw.Privacy.Preset, raw.Privacy.Off = preset, []foule.Feature{foule.FeatureTitles}
		for _, asked := range []bool{false, true} {
			raw.Privacy.Consent = asked
			site, p := compile(t, raw), pipeline(t)
			play := func(consent bool) (foule.Event, Key) {
				h := newHit(Hit{
					URL: "https://example.org/p?utm_campaign=x", Title: "T", Consent: consent, Sent: droppedNames("consent", "uid"),
					Dimensions: []Dimension{{1, "gold"}},
				})
				e, keys := p.Event(&h, site)
				return e, keys.Visitor
			}
			without, keyWithout := play(false)
			with, keyWith := play(true)
			if !asked {
				without.Dropped, with.Dropped = foule.Dropped{}, with.Dropped.Without(&without.Dropped)
				if with.Consent != foule.ConsentUnasked || keyWith != keyWithout || !reflect.DeepEqual(with, without) {
					t.Errorf("%s, not asked: consent changes the event\n%+v\n%+v", preset, without, with)
				}
				continue
			}
			if without.Consent != foule.ConsentNo || with.Consent != foule.ConsentYes || keyWith == keyWithout || keyWith == (Key{}) {
				t.Errorf("%s: %d and %d, keys %x and %x", preset, without.Consent, with.Consent, keyWithout, keyWith)
			}
			if len(without.Values) > 0 || len(with.Values) != 1 || without.VisitValues != with.VisitValues || with.Campaign.Name != "x" || with.Title != "" {
				t.Errorf("%s:\nwithout consent %+v\nwith %+v", preset, without, with)
			}
			if with.Dropped != droppedNames("uid", "action_name") {
				t.Errorf("%s: with consent %s is dropped", preset, with.Dropped)
			}
		}
	}
}

// TestDroppedNames: what is always thrown away is counted by name on every site,
// and what the site keeps is not.
func TestDroppedNames(t *testing.T) {
	site := foule.Site{Hosts: []string{"example.org"}, KeepQuery: []string{"page", "sid"}, SearchParams: []string{"find"}}
	for _, row := range []struct {
		hit  Hit
		want foule.Dropped
	}{
		{Hit{URL: "https://example.org/?page=2&find=word&utm_campaign=x"}, droppedNames()},
		{Hit{URL: "https://example.org/?gclid=1&fbclid=2&utm_id=3&mc_eid=4&SID=5&pk_vid=6"}, droppedNames("gclid", "fbclid", "utm_id", "mc_eid", "sid", "pk_vid")},
		{Hit{URL: "https://example.org/?jane.doe%40example.org=1&x[]=2&uid=3"}, droppedNames(foule.DroppedQuery)},
		{Hit{URL: "https://example.org/#/route?gclid=1&x=2"}, droppedNames("gclid")},
		{Hit{URL: "https://example.org/#section"}, droppedNames()},
		{Hit{URL: "https://example.org/?&&="}, droppedNames()},
		{Hit{URL: "https://example.org/", Referrer: "https://blog.example.net/?id=1"}, droppedNames(foule.DroppedReferrerQuery)},
		{Hit{URL: "https://example.org/", Referrer: "https://blog.example.net/?"}, droppedNames()},
		{Hit{URL: "https://example.org/", Sent: droppedNames("_id", "lang", "cookie", "utm_source", "consent")}, droppedNames("_id", "cookie", "consent")},
		{Hit{URL: "https://example.org/", Dimensions: []Dimension{{5, "x"}}}, droppedNames(foule.DroppedDimension)},
	} {
		if e := eventOf(t, site, row.hit); e.Dropped != row.want {
			t.Errorf("%s from %s: %s, want %s", row.hit.URL, row.hit.Referrer, e.Dropped, row.want)
		}
	}
	h := newHit(Hit{URL: "https://example.org/?gclid=1", GlobalPrivacyControl: true, Sent: droppedNames("uid"), IP: netip.MustParseAddr("192.0.2.9")})
	if e, _ := pipeline(t).Event(&h, compile(t, site)); e.Reason != ReasonGPC || !e.Dropped.IsZero() {
		t.Errorf("of a visitor who objects, what was sent is counted: %+v", e)
	}
}
