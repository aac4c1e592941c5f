package matomo

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// typical is what matomo.js 5 sends for a page view, 660 bytes.
const typical = "action_name=Products%20%2F%20Shoes&idsite=1&rec=1&r=483726&h=9&m=1&s=30" +
	"&url=https%3A%2F%2Fwww.example.org%2Fproducts%2Fshoes%2F%3Fcolour%3Dbrown%26utm_source%3Dnewsletter" +
	"&urlref=https%3A%2F%2Fwww.google.com%2F&_id=a100000000000001&_idn=0&send_image=0&_refts=1741766400" +
	"&_ref=https%3A%2F%2Fwww.google.com%2F&pf_net=10&pf_srv=120&pf_tfr=30&pf_dm1=200&pv_id=aaaaa2" +
	"&uadata=%7B%22fullVersionList%22%3A%5B%7B%22brand%22%3A%22Chromium%22%2C%22version%22%3A%22122.0.6261.94%22%7D%5D" +
	"%2C%22mobile%22%3Afalse%2C%22model%22%3A%22%22%2C%22platform%22%3A%22Windows%22%2C%22platformVersion%22%3A%2215.0.0%22%7D" +
	"&pdf=1&qt=0&realp=0&wma=0&fla=0&java=0&ag=0&cookie=1&res=1920x1080"

var sameParams = cmp.Options{
	cmp.AllowUnexported(Params{}),
	cmpopts.EquateComparable(netip.Addr{}, foule.Dropped{}),
}

// params gives what change makes of a hit without parameters.
func params(change func(p *Params)) Params {
	var p Params
	p.clear()
	change(&p)
	return p
}

// came notes names of parameters that came and are not read.
func (p *Params) came(names ...string) {
	for _, name := range names {
		if !p.Hit.Sent.Add(name) {
			panic("no such name: " + name)
		}
	}
}

func TestDecodeQuery(t *testing.T) {
	for _, tt := range decodeCases {
		t.Run(tt.name, func(t *testing.T) {
			var got Params
			DecodeQuery(tt.in, &got)
			if diff := cmp.Diff(params(tt.want), got, sameParams); diff != "" {
				t.Errorf("DecodeQuery(%q): want -, got +\n%s", tt.in, diff)
			}
		})
	}
}

var decodeCases = []struct {
	name, in string
	want     func(p *Params)
}{
	{"nothing", "", func(p *Params) {}},
	{"only separators", "&&=&=x&", func(p *Params) {}},
	{"typical page view", typical, func(p *Params) {
		p.SiteID, p.SiteValid, p.Rec, p.noImage = 1, true, true, true
		p.came("_id", "_idn", "_ref", "_refts", "cookie", "m", "s", "fla", "java", "qt", "realp", "pdf", "wma", "ag")
		p.Hit.Title = "Products / Shoes"
		p.Hit.URL = "https://www.example.org/products/shoes/?colour=brown&utm_source=newsletter"
		p.Hit.Referrer = "https://www.google.com/"
		p.Hit.LocalHour = 9
		p.Hit.PageViewID = "aaaaa2"
		p.Hit.Timings = foule.Timings{Known: 0b1111, Millis: [foule.NumTimings]uint32{10, 120, 30, 200}}
		p.Hit.Resolution = "1920x1080"
		p.Hit.ClientHints = `{"fullVersionList":[{"brand":"Chromium","version":"122.0.6261.94"}],` +
			`"mobile":false,"model":"","platform":"Windows","platformVersion":"15.0.0"}`
	}},
	{"identity is not read", "_id=a100000000000001&uid=carol@example.org&cid=a100000000000001", func(p *Params) { p.came("_id", "uid", "cid") }},
	{"consent", "consent=1", func(p *Params) { p.Hit.Consent = true; p.came("consent") }},
	{"no consent", "consent=0", func(p *Params) { p.came("consent") }},
	{"consent that is none", "consent=yes&_id=&uid=undefined", func(p *Params) { p.came("consent") }},
	{"unknown names", "foo=bar&cvar=%7B%7D&dimension=x&dimension0=x&dimension01=x&dimensions1=x&dimension12345=x&cra=x", func(p *Params) { p.came("cvar") }},
	{"custom dimensions", "dimension1=gold&dimension2=+&dimension7=a&dimension7=" + strings.Repeat("b", 300), func(p *Params) {
		p.Hit.Dimensions = []anonymize.Dimension{{ID: 1, Value: "gold"}, {ID: 2}, {ID: 7, Value: strings.Repeat("b", 250)}}
	}},
	{"product page", "_pks=S1&_pkn=Blue+Boots&_pkc=%5B%22Boots%22%2C%22Winter%22%5D&_pkp=49.90", func(p *Params) {
		p.Hit.Viewed = &anonymize.Item{SKU: "S1", Name: "Blue Boots", Categories: []string{"Boots", "Winter"}, Price: 49.9, Quantity: 1}
	}},
	{"category page", "_pks=&_pkn=&_pkc=Boots", func(p *Params) {
		p.Hit.Viewed = &anonymize.Item{Categories: []string{"Boots"}, Quantity: 1}
	}},
	{"category that only looks like a list", "_pkc=%5BSale", func(p *Params) {
		p.Hit.Viewed = &anonymize.Item{Categories: []string{"[Sale"}, Quantity: 1}
	}},
	{"order's parts", "idgoal=0&ec_st=10&ec_tx=1.9&ec_sh=4&ec_dt=-1", func(p *Params) {
		p.Hit.Goal, p.Hit.Subtotal, p.Hit.Tax, p.Hit.Shipping, p.Hit.Discount = 0, 10, 1.9, 4, -1
	}},
	{"names are case-sensitive", "URL=http://a/&IdSite=1", func(p *Params) {}},
	{"escaped name", "%69dsite=7&rec%5B%5D=1", func(p *Params) { p.SiteID, p.SiteValid = 7, true }},
	{"doubly escaped name", "%2569dsite=7", func(p *Params) {}},
	{"the last of a name counts", "url=http://a/&url=http://b/&e_v=3&e_v=x", func(p *Params) { p.Hit.URL = "http://b/" }},
	{"site not in canonical form", "idsite=01", func(p *Params) {}},
	{"site zero", "idsite=0", func(p *Params) {}},
	{"site negative", "idsite=-1", func(p *Params) {}},
	{"site beyond 32 bits", "idsite=4294967297", func(p *Params) {}},
	{"largest site", "idsite=4294967295", func(p *Params) { p.SiteID, p.SiteValid = 4294967295, true }},
	{"rec needs an int", "rec=true", func(p *Params) {}},
	{"rec other than one", "rec=2", func(p *Params) { p.Rec = true }},
	{"array for a scalar is missing", "url=http://a/&url[]=http://b/&action_name%5B0%5D=x", func(p *Params) {}},
	{"array of categories", "search_cat[]=a&search_cat[]=b", func(p *Params) { p.Hit.SearchCategory = "a" }},
	{"array over a scalar category", "search_cat=x&search_cat[1]=b", func(p *Params) { p.Hit.SearchCategory = "b" }},
	{"scalar over an array category", "search_cat[]=a&search_cat=x", func(p *Params) { p.Hit.SearchCategory = "x" }},
	{"broken escapes stay", "action_name=100%&url=http://a/%zz%4", func(p *Params) {
		p.Hit.Title, p.Hit.URL = "100%", "http://a/%zz%4"
	}},
	{"plus is a blank", "action_name=a+b%2Bc", func(p *Params) { p.Hit.Title = "a b+c" }},
	{"invalid UTF-8 is replaced", "action_name=caf%E9&e_n=\xff", func(p *Params) {
		p.Hit.Title, p.Hit.EventName = "caf\uFFFD", "\uFFFD"
	}},
	{"NUL and line breaks go", "url=http://a/%00b%0D%0Ac&action_name=x%0Ay%E9", func(p *Params) {
		p.Hit.URL, p.Hit.Title = "http://a/bc", "xy\uFFFD"
	}},
	{"raw UTF-8", "action_name=Übersicht", func(p *Params) { p.Hit.Title = "Übersicht" }},
	{"undefined is absence", "url=undefined&e_n=undefined&cid=undefined&mtm_campaign=undefined", func(p *Params) {}},
	{"semicolon does not separate", "action_name=a;b", func(p *Params) { p.Hit.Title = "a;b" }},
	{"equals sign in a value", "action_name=a=b", func(p *Params) { p.Hit.Title = "a=b" }},
	{"event", "e_c=Video&e_a=play&e_n=Intro&e_v=10.5&ca=1", func(p *Params) {
		p.Hit.EventCategory, p.Hit.EventAction, p.Hit.EventName = "Video", "play", "Intro"
		p.Hit.EventValue, p.Hit.HasEventValue, p.Hit.CustomAction = 10.5, true, true
	}},
	{"event value zero is a value", "e_v=0", func(p *Params) { p.Hit.HasEventValue = true }},
	{"blank event", "e_c=%20&e_a=%09", func(p *Params) { p.marks = blankCategory | blankAction }},
	{"blank, then not", "e_c=+&e_c=x&c_n=+&c_n=", func(p *Params) { p.Hit.EventCategory = "x" }},
	{"content", "c_n=Banner&c_p=b.png&c_t=http%3A%2F%2Fa&c_i=click", func(p *Params) {
		p.Hit.ContentName, p.Hit.ContentPiece = "Banner", "b.png"
		p.Hit.ContentTarget, p.Hit.ContentInteraction = "http://a", "click"
	}},
	{"search", "search=+shoes+&search_cat=all&search_count=0", func(p *Params) {
		p.Hit.HasSearch, p.Hit.Search, p.Hit.SearchCategory, p.Hit.SearchCount = true, "shoes", "all", 0
	}},
	{"blank search is none", "search=+&search_count=-7", func(p *Params) {}},
	{"goal", "idgoal=2&revenue=5", func(p *Params) {
		p.Hit.Goal, p.Hit.Revenue, p.Hit.HasRevenue = 2, 5, true
	}},
	{"order", "idgoal=0&ec_id=ORDER-1&revenue=112.80", func(p *Params) {
		p.Hit.Goal, p.Hit.OrderID, p.Hit.Revenue, p.Hit.HasRevenue = 0, "ORDER-1", 112.8, true
	}},
	{"revenue that is no number", "revenue=12,50", func(p *Params) {}},
	{"link and download", "link=https%3A%2F%2Fp.example%2Fx&download=http://a/b.pdf", func(p *Params) {
		p.Hit.Link, p.Hit.Download = "https://p.example/x", "http://a/b.pdf"
	}},
	{"flags", "ping=1&new_visit=1&bots=1&ca=1&foule_optout=1", func(p *Params) {
		p.Hit.Ping, p.Hit.NewVisit, p.Hit.CountBots, p.Hit.CustomAction, p.Hit.OptedOut = true, true, true, true, true
	}},
	{"hour out of range", "h=24", func(p *Params) { p.Hit.LocalHour = 0 }},
	{"hour that is no int", "h=09", func(p *Params) {}},
	{"long ids are cut", "pv_id=abcdefgh&res=10000x10000", func(p *Params) {
		p.Hit.PageViewID, p.Hit.Resolution = "abcdef", "10000x100"
	}},
	{"overrides of headers", "ua=curl%2F8&lang=fr-FR%2Cfr%3Bq%3D0.9", func(p *Params) {
		p.Hit.UserAgent, p.Hit.AcceptLanguage = "curl/8", "fr-FR,fr;q=0.9"
		p.came("lang")
	}},
	{"no client hints", "uadata=%7B%7D", func(p *Params) {}},
	{"client hints that are no object", "uadata=%5B1%5D", func(p *Params) {}},
	{"place", "cip=1.2.3.4&country=au&region=nsw&city=Sydney&lat=-33.86&long=151.2", func(p *Params) {
		p.ClientIP = netip.MustParseAddr("1.2.3.4")
		p.Hit.Country, p.Hit.Region, p.Hit.City = "AU", "NSW", "Sydney"
		p.marks = needToken
		p.came("lat", "long")
	}},
	{"place that cannot be", "country=Australia&region=%2F%2F&cip=example.org", func(p *Params) {
		p.marks = hasCountry | hasRegion | hasClientIP
	}},
	{"empty place is none", "country=&lat=&cip=", func(p *Params) {}},
	{"address with port", "cip=%5B2a01:e00::1%5D:443", func(p *Params) {
		p.ClientIP, p.marks = netip.MustParseAddr("2a01:e00::1"), hasClientIP
	}},
	{"mapped address with zone", "cip=::ffff:1.2.3.4", func(p *Params) {
		p.ClientIP, p.marks = netip.MustParseAddr("1.2.3.4"), hasClientIP
	}},
	{"time and token", "cdt=2025-03-12+10%3A00%3A00&cdo=-5&token_auth=abc", func(p *Params) {
		p.Cdt, p.Cdo, p.Token = "2025-03-12 10:00:00", -5, "abc"
	}},
	{"bad visitor id", "cid=a1", func(p *Params) { p.marks = badVisitorID; p.came("cid") }},
	{"timings", "pf_net=-1&pf_srv=-2&pf_onl=-9&pf_tfr=x&pf_dm1=-5&pf_dm1=5", func(p *Params) {
		p.marks = negativeTiming<<1 | negativeTiming<<5
		p.Hit.Timings.Set(foule.TimingProcessing, 5)
	}},
	{"timings of a week", "pf_srv=604800000&pf_net=16777215&pf_onl=16777216", func(p *Params) {
		p.Hit.Timings.Set(foule.TimingNetwork, 16777215)
	}},
	{"a timing taken back", "pf_net=5&pf_net=-1", func(p *Params) { p.Hit.Timings.Millis[foule.TimingNetwork] = 5 }},
	{"campaign, best name wins", "utm_source=news&utm_campaign=spring&pk_cpn=&utm_medium=mail&utm_term=shoes", func(p *Params) {
		p.Hit.CampaignName, p.campaign, p.Hit.CampaignKeyword, p.keyword = "spring", 7, "shoes", 7
		p.came("utm_source", "utm_campaign", "utm_medium", "utm_term")
	}},
	{"attribution is not read", "_rcn=spring&_rck=shoes", func(p *Params) { p.came("_rcn", "_rck") }},
	{"installer's probe", "tracker_install_check=abc", func(p *Params) { p.probe = true }},
	{"charset", "cs=windows-1252", func(p *Params) { p.charset = "windows-1252" }},
}

func TestParseInt(t *testing.T) {
	f := func(in string, want int64, ok bool) {
		t.Helper()
		if got, gotOK := parseInt(in); got != want || gotOK != ok {
			t.Errorf("parseInt(%q) = %d, %t; want %d, %t", in, got, gotOK, want, ok)
		}
	}
	f("0", 0, true)
	f("7", 7, true)
	f("-3", -3, true)
	f("9223372036854775807", 9223372036854775807, true)
	f("", 0, false)
	f("-", 0, false)
	f("-0", 0, false)
	f("+1", 0, false)
	f("--1", 0, false)
	f("01", 0, false)
	f(" 1", 0, false)
	f("1.0", 0, false)
	f("1e3", 0, false)
	f("1_000", 0, false)
}

func TestAmount(t *testing.T) {
	f := func(in string, want float64, ok bool) {
		t.Helper()
		d := decoder{plain: true}
		if got, gotOK := d.amount(in); got != want || gotOK != ok {
			t.Errorf("amount(%q) = %v, %t; want %v, %t", in, got, gotOK, want, ok)
		}
	}
	f("10.5", 10.5, true)
	f("-.5", -.5, true)
	f("5.", 5, true)
	f("1e3", 1000, true)
	f("1.5E-1", .15, true)
	f(" 7 ", 7, true)
	f("1e12", 1e12, true)
	f("", 0, false)
	f("1,5", 0, false)
	f("€5", 0, false)
	f("1 000", 0, false)
	f("0x1p4", 0, false)
	f("1_0", 0, false)
	f("NaN", 0, false)
	f("-Inf", 0, false)
	f("1e308", 0, false)
	f("-1e308", 0, false)
	f("1e999", 0, false)
}

// FuzzDecodeQuery holds what anonymize.Hit promises of its strings, and
// agrees with net/url wherever that has an answer.
func FuzzDecodeQuery(f *testing.F) {
	for _, tt := range decodeCases {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var p, again Params
		DecodeQuery(in, &p)
		checkParams(t, &p)
		DecodeQuery(in, &again)
		if diff := cmp.Diff(p, again, sameParams); diff != "" {
			t.Errorf("decoded twice: %s", diff)
		}
		if values, err := url.ParseQuery(in); err == nil && !strings.ContainsRune(in, '[') && !strings.Contains(strings.ToUpper(in), "%5B") {
			for name, got := range map[string]string{"url": p.Hit.URL, "action_name": p.Hit.Title} {
				want := ""
				if v := values[name]; len(v) > 0 && v[len(v)-1] != "undefined" {
					want = trim(clean(v[len(v)-1]))
				}
				if got != want {
					t.Errorf("%s = %q, net/url says %q", name, got, want)
				}
			}
		}
		for _, auth := range []bool{true, false} {
			_, _ = p.Resolve(testNow, auth)
		}
	})
}
