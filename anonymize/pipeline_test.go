package anonymize

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/device"
)

// morning is when the hits of these tests come.
var morning = time.Date(2025, 6, 10, 8, 30, 0, 0, time.UTC)

func pipeline(t testing.TB) *Pipeline {
	t.Helper()
	now := func() time.Time { return morning }
	return &Pipeline{Truncation: DefaultTruncation, Devices: device.New(64), CountryFromLanguage: true, Secrets: NewSecrets(30*time.Minute, now)}
}

// newHit completes a hit with what every hit has.
func newHit(h Hit) Hit {
	h.Site, h.Time = 1, morning
	if h.LocalHour == 0 {
		h.LocalHour = -1
	}
	if h.SearchCount == 0 {
		h.SearchCount = -1
	}
	if h.Goal == 0 {
		h.Goal = -1
	}
	if h.UserAgent == "" {
		h.UserAgent = someAgent
	}
	if !h.IP.IsValid() {
		h.IP = netip.MustParseAddr("192.0.2.7")
	}
	return h
}

// eventOf is what the pipeline makes of a hit.
func eventOf(t testing.TB, site foule.Site, h Hit) foule.Event {
	t.Helper()
	h = newHit(h)
	e, keys := pipeline(t).Event(&h, compile(t, site))
	if e.Kind != foule.KindExcluded && keys.Visitor == (Key{}) {
		t.Errorf("%+v has no key", e)
	}
	return e
}

// TestEventHoldsNoIdentifier is the type side of invariant I1: a field that is
// added to Event has to be argued for here.
func TestEventHoldsNoIdentifier(t *testing.T) {
	allowed := strings.Fields(`
		Site Day Time Visitor Kind NewVisit ServerHour LocalHour Page Title Channel Source ReferrerPage
		Campaign.Name Campaign.Source Campaign.Medium Campaign.Term Campaign.Content
		Place.Continent Place.Country Place.Region Place.City Language
		Device.Type Device.Brand Device.Browser Device.BrowserVersion Device.OS Device.OSVersion Resolution Target
		Search.Keyword Search.Category Search.NoResult
		Custom.Category Custom.Action Custom.Name Custom.ValueMilli Custom.HasValue
		Conversions.Goal Conversions.Multiple Conversions.RevenueMinor Conversions.After Reason
		Steps.Funnel Steps.Number Content.Name Content.Piece Content.Target Content.Interaction
		Basket.Kind Basket.Revenue Basket.Subtotal Basket.Tax Basket.Shipping Basket.Discount
		Basket.Products.SKU Basket.Products.Name Basket.Products.Categories Basket.Products.Price Basket.Products.Quantity
		PageView Timings.Known Timings.Millis Values.Dim Values.Text VisitValues Crawler
		Entry NoFlows Consent Dropped.bits`)
	known := map[string]bool{}
	for _, name := range allowed {
		known[name] = true
	}
	var walk func(prefix string, typ reflect.Type)
	walk = func(prefix string, typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			inner := f.Type
			if inner.Kind() == reflect.Slice {
				inner = inner.Elem()
			}
			switch {
			case inner.Kind() == reflect.Struct:
				walk(prefix+f.Name+".", inner)
			case !known[prefix+f.Name]:
				t.Errorf("foule.Event has a field %s%s: may what it holds leave the door? If so, add it to the list", prefix, f.Name)
			case inner == reflect.TypeFor[[foule.NumTimings]uint32]():
				// milliseconds
			case prefix+f.Name == "Dropped.bits" && inner == reflect.TypeFor[[4]uint64]():
				// a set of names of a fixed table
			case inner.Kind() == reflect.Interface || inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Map || inner.Kind() == reflect.Array:
				t.Errorf("foule.Event.%s%s is a %s, which could hold anything", prefix, f.Name, inner.Kind())
			}
			delete(known, prefix+f.Name)
		}
	}
	walk("", reflect.TypeFor[foule.Event]())
	if len(known) > 0 {
		t.Errorf("fields that are allowed but not there: %v", known)
	}
}

// TestEventIsWhole compares whole events, field by field.
func TestEventIsWhole(t *testing.T) {
	day := foule.DayFromDate(2025, time.June, 10)
	got := eventOf(t, foule.Site{}, Hit{
		AcceptLanguage: "fr-FR,fr;q=0.9", URL: "https://example.org/p?utm_source=letter&x=1", Title: "Bonjour",
		Referrer: "https://blog.example.net/post?secret=1", Resolution: "1920x1080", LocalHour: 23, NewVisit: true,
		PageViewID: "abcdef", OrderID: "order",
	})
	want := foule.Event{
		Site: 1, Day: day, Time: morning.Unix(), Kind: foule.KindPageView, NewVisit: true, ServerHour: 10, LocalHour: 23,
		Page: "/p", Title: "Bonjour", Channel: foule.ChannelCampaign, Source: "letter", Campaign: foule.Campaign{Name: "letter", Source: "letter"},
		Place: foule.Place{Continent: "EU", Country: "FR"}, Language: "fr", Resolution: "1920x1080",
		Device: foule.Device{Type: "desktop", Browser: "Firefox", BrowserVersion: "140", OS: "GNU/Linux"},
	}
	want.Dropped = droppedNames(foule.DroppedQuery, foule.DroppedReferrerQuery)
	if got.PageView == 0 { // its value depends on the day's secret
		t.Error("the page view has no number")
	}
	got.PageView = 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	got = eventOf(t, foule.Site{}, Hit{URL: "https://example.org/p", Title: "T", DoNotTrack: true, AcceptLanguage: "fr"})
	want = foule.Event{Site: 1, Day: day, Time: morning.Unix(), Kind: foule.KindExcluded, Reason: ReasonDoNotTrack}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("an excluded hit: got  %+v\nwant %+v", got, want)
	}
}

func TestSiteDay(t *testing.T) {
	for zone, want := range map[string]string{"UTC": "2025-06-10", "Asia/Tokyo": "2025-06-11", "America/Los_Angeles": "2025-06-10"} {
		h := newHit(Hit{})
		h.Time = time.Date(2025, 6, 10, 16, 0, 0, 0, time.UTC)
		e, _ := pipeline(t).Event(&h, compile(t, foule.Site{Timezone: zone}))
		if e.Day.String() != want {
			t.Errorf("%s: %s, want %s", zone, e.Day, want)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, row := range []struct {
		name string
		hit  Hit
		want foule.Place
	}{
		{"by language", Hit{AcceptLanguage: "fr-CH"}, foule.Place{Continent: "EU", Country: "CH"}},
		{"unknown", Hit{}, foule.Place{}},
		{"override", Hit{AcceptLanguage: "fr-FR", Country: "de", Region: "be", City: "Berlin"}, foule.Place{Continent: "EU", Country: "DE", Region: "DE-BE", City: "DE/Berlin"}},
		{"override by country alone", Hit{AcceptLanguage: "fr-FR", Country: "DE"}, foule.Place{Continent: "EU", Country: "DE"}},
		{"a country there is not", Hit{AcceptLanguage: "fr-FR", Country: "QQ", City: "Nowhere"}, foule.Place{}},
		{"a city that is somebody", Hit{Country: "DE", City: "jane.doe@example.net"}, foule.Place{Continent: "EU", Country: "DE", City: "DE/[email]"}},
		{"region and city without country", Hit{AcceptLanguage: "fr-FR", Region: "BE", City: "Berlin"}, foule.Place{Continent: "EU", Country: "FR"}},
	} {
		if got := eventOf(t, foule.Site{}, row.hit).Place; got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

func TestScaled(t *testing.T) {
	inf := 1e300
	for _, row := range []struct {
		x, factor float64
		want      int64
	}{
		{12.5, 100, 1250}, {0.005, 100, 1}, {-0.005, 100, -1}, {1.2345, 1000, 1235}, {inf * 1e300, 100, 1e12}, {-inf, 100, -1e12}, {inf*1e300 - inf*1e300, 100, 0}, {0, 100, 0},
	} {
		if got := scaled(row.x, row.factor); got != row.want {
			t.Errorf("scaled(%v, %v) = %d, want %d", row.x, row.factor, got, row.want)
		}
	}
}

// TestAcquisition: who is asked first, and what is left when nobody knows.
func TestAcquisition(t *testing.T) {
	site := foule.Site{Hosts: []string{"example.org", "*.example.com"}, AnyHost: true}
	const page = "https://example.org/p"
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lLWRvZSJ9.c2lnbmF0dXJlLW9mLWphbmUtZG9l"
	type way = struct {
		channel      foule.Channel
		source, page string
		campaign     foule.Campaign
	}
	for _, row := range []struct {
		name string
		hit  Hit
		want way
	}{
		{"nothing", Hit{URL: page}, way{channel: foule.ChannelDirect}},
		{"a search engine", Hit{URL: page, Referrer: "https://www.google.com/search?q=jane+doe"}, way{channel: foule.ChannelSearch, source: "Google"}},
		{"a network", Hit{URL: page, Referrer: "https://m.facebook.com/jane.doe"}, way{channel: foule.ChannelSocial, source: "Facebook"}},
		{"an assistant", Hit{URL: page, Referrer: "https://chatgpt.com/c/1234"}, way{channel: foule.ChannelAI, source: "ChatGPT"}},
		{"a website", Hit{URL: page, Referrer: "https://user:pass@Blog.example.net:8080/Post/?q=1#f"}, way{channel: foule.ChannelWebsite, source: "blog.example.net", page: "blog.example.net/Post/"}},
		{"a website's page about somebody", Hit{URL: page, Referrer: "https://blog.example.net/u/jane.doe@example.net"}, way{channel: foule.ChannelWebsite, source: "blog.example.net", page: "blog.example.net/u/[email]"}},
		{"a website by address", Hit{URL: page, Referrer: "http://203.0.113.9/x"}, way{channel: foule.ChannelWebsite, source: "[ip]", page: "[ip]/x"}},
		{"the site itself", Hit{URL: page, Referrer: "https://www.example.org/other"}, way{channel: foule.ChannelDirect}},
		{"another host of the site", Hit{URL: page, Referrer: "https://shop.example.com/"}, way{channel: foule.ChannelDirect}},
		{"the page's own host", Hit{URL: "https://copy.example/p", Referrer: "https://www.copy.example/"}, way{channel: foule.ChannelDirect}},
		{"ignored on request", Hit{URL: page + "?ignore_referrer=1&utm_source=x", Referrer: "https://chatgpt.com/"}, way{channel: foule.ChannelDirect}},
		{"ignored in the other spelling", Hit{URL: page + "?ignore_referer=1", Referrer: "https://www.google.com/"}, way{channel: foule.ChannelDirect}},
		{"a campaign before a search engine", Hit{URL: page + "?mtm_campaign=Spring&mtm_source=Letter&mtm_medium=Mail&mtm_kwd=Red&mtm_content=Top", Referrer: "https://www.google.com/"},
			way{channel: foule.ChannelCampaign, source: "letter", campaign: foule.Campaign{Name: "spring", Source: "letter", Medium: "mail", Term: "red", Content: "top"}}},
		{"a campaign before the site itself", Hit{URL: page + "?utm_campaign=a", Referrer: page}, way{channel: foule.ChannelCampaign, campaign: foule.Campaign{Name: "a"}}},
		{"an assistant before a campaign", Hit{URL: page + "?utm_campaign=a", Referrer: "https://chatgpt.com/"}, way{channel: foule.ChannelAI, source: "ChatGPT"}},
		{"an assistant by its parameter", Hit{URL: page + "?utm_source=chatgpt.com"}, way{channel: foule.ChannelAI, source: "ChatGPT"}},
		{"a campaign of the fragment", Hit{URL: page + "#mtm_campaign=f"}, way{channel: foule.ChannelCampaign, campaign: foule.Campaign{Name: "f"}}},
		{"a campaign of the request", Hit{URL: page, CampaignName: "Request", CampaignKeyword: "Word"}, way{channel: foule.ChannelCampaign, campaign: foule.Campaign{Name: "request", Term: "word"}}},
		{"the page's campaign before the request's", Hit{URL: page + "?pk_cpn=page", CampaignName: "request"}, way{channel: foule.ChannelCampaign, campaign: foule.Campaign{Name: "page"}}},
		{"a click id where nothing else tells", Hit{URL: page + "?gclid=secret"}, way{channel: foule.ChannelSearch, source: "Google Ads"}},
		{"a referrer before a click id", Hit{URL: page + "?fbclid=secret", Referrer: "https://blog.example.net/"}, way{channel: foule.ChannelWebsite, source: "blog.example.net", page: "blog.example.net/"}},
		{"a campaign that is somebody", Hit{URL: page + "?utm_campaign=to+Jane.Doe@example.net&utm_term=" + jwt}, way{channel: foule.ChannelCampaign, campaign: foule.Campaign{Name: "to [email]", Term: "[token]"}}},
		{"a request's campaign that is somebody", Hit{URL: page, CampaignName: jwt, CampaignKeyword: "Jane.Doe@example.net"}, way{channel: foule.ChannelCampaign, campaign: foule.Campaign{Name: "[token]", Term: "[email]"}}},
		{"a fragment's campaign that is somebody", Hit{URL: page + "#/r?utm_campaign=" + jwt}, way{channel: foule.ChannelCampaign, campaign: foule.Campaign{Name: "[token]"}}},
		{"no URL for a referrer", Hit{URL: page, Referrer: "javascript:jane()"}, way{channel: foule.ChannelDirect}},
	} {
		e := eventOf(t, site, row.hit)
		if got := (way{e.Channel, e.Source, e.ReferrerPage, e.Campaign}); got != row.want {
			t.Errorf("%s:\n got %+v\nwant %+v", row.name, got, row.want)
		}
	}
}
