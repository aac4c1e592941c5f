package matomo

import (
	"net/netip"
	"testing"

	"foule.eu/foule/anonymize"
	"github.com/google/go-cmp/cmp"
)

func TestResolveFaults(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		auth     bool
		want     string // reason; "" is none
	}{
		{"page view", "idsite=1&rec=1&url=http://a/", false, ""},
		{"no site", "rec=1", false, "site"},
		{"site by name", "idsite=shop&rec=1", false, "site"},
		{"no site, not recorded", "idsite=0&rec=0", false, "site"},
		{"address without token", "idsite=1&rec=1&cip=1.2.3.4", false, "token"},
		{"address with token", "idsite=1&rec=1&cip=1.2.3.4", true, ""},
		{"country without token", "idsite=1&rec=1&country=fr", false, "token"},
		{"region without token", "idsite=1&rec=1&region=75", false, "token"},
		{"city without token", "idsite=1&rec=1&city=Paris", false, "token"},
		{"latitude without token", "idsite=1&rec=1&lat=48.8", false, "token"},
		{"longitude without token", "idsite=1&rec=1&long=2.3", false, "token"},
		{"unreadable country without token", "idsite=1&rec=1&country=Utopia", false, "token"},
		{"empty place", "idsite=1&rec=1&country=&city=", false, ""},
		{"old without token", "idsite=1&rec=1&cdt=2025-03-01", false, "time"},
		{"old with token", "idsite=1&rec=1&cdt=2025-03-01", true, ""},
		{"uid, agent, language need no token", "idsite=1&rec=1&uid=x&ua=x&lang=x&new_visit=1&bots=1", false, ""},
		{"visitor id", "idsite=1&rec=1&cid=0123456789abcDEF", false, ""},
		{"visitor id too short", "idsite=1&rec=1&cid=0123456789abcde", false, "visitor-id"},
		{"visitor id not hex", "idsite=1&rec=1&cid=0123456789abcdeg", false, "visitor-id"},
		{"bad visitor id of a hit not recorded", "idsite=1&rec=0&cid=x", false, ""},
		{"blank category", "idsite=1&rec=1&e_c=+&e_a=x", false, "event"},
		{"blank action", "idsite=1&rec=1&e_c=x&e_a=%09", false, "event"},
		{"empty action is no event", "idsite=1&rec=1&e_c=x&e_a=", false, ""},
		{"blank event beside a download", "idsite=1&rec=1&e_c=+&e_a=x&download=http://a/b.pdf", false, ""},
		{"blank content", "idsite=1&rec=1&c_n=+", false, "content"},
		{"blank content beside an outlink", "idsite=1&rec=1&c_n=+&link=http://b/", false, ""},
		{"blank content beside an event", "idsite=1&rec=1&c_n=+&e_c=x&e_a=y", false, ""},
		{"timing unknown", "idsite=1&rec=1&pf_srv=-1", false, ""},
		{"timing negative", "idsite=1&rec=1&pf_srv=-2", false, "timing"},
		{"custom action without action", "idsite=1&rec=1&ca=1&url=http://a/", false, "action"},
		{"crash report", "idsite=1&rec=1&ca=1&cra=Error", false, "action"},
		{"half an event", "idsite=1&rec=1&ca=1&e_c=x", false, "action"},
		{"custom event", "idsite=1&rec=1&ca=1&e_c=x&e_a=y", false, ""},
		{"custom content", "idsite=1&rec=1&ca=1&c_n=x", false, ""},
		{"custom download", "idsite=1&rec=1&ca=1&download=http://a/b", false, ""},
		{"custom outlink", "idsite=1&rec=1&ca=1&link=http://a/b", false, ""},
		{"custom search", "idsite=1&rec=1&ca=1&search=x", false, ""},
		{"custom goal", "idsite=1&rec=1&ca=1&idgoal=2", false, ""},
		{"custom ping", "idsite=1&rec=1&ca=1&ping=1", false, ""},
	} {
		var p Params
		DecodeQuery(tt.in, &p)
		got := ""
		if _, fault := p.Resolve(testNow, tt.auth); fault != nil {
			got = fault.Reason
			if fault.Status != 400 {
				t.Errorf("%s: status %d, want 400", tt.name, fault.Status)
			}
		}
		if got != tt.want {
			t.Errorf("%s: fault %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestResolve(t *testing.T) {
	var p Params
	DecodeQuery("idsite=3&rec=1&cip=1.2.3.4&country=fr&cdt=1741780800&cs=iso-8859-1&url=http://a/?q=%25E9t%25E9", &p)
	got, fault := p.Resolve(testNow, true)
	if fault != nil {
		t.Fatal(fault)
	}
	want := anonymize.Hit{
		Site: 3, Time: testNow.Add(-11*60*60*1e9 - 30*60*1e9), IP: netip.MustParseAddr("1.2.3.4"),
		URL: "http://a/?q=%C3%A9t%C3%A9", Country: "FR",
		LocalHour: -1, SearchCount: -1, Goal: -1,
	}
	if diff := cmp.Diff(want, got, sameParams); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestReencodeQuery(t *testing.T) {
	f := func(url, charset, want string) {
		t.Helper()
		if got := reencodeQuery(url, charset); got != want {
			t.Errorf("reencodeQuery(%q, %q) = %q, want %q", url, charset, got, want)
		}
	}
	f("http://a/?q=%E9+t%26", "windows-1252", "http://a/?q=%C3%A9+t%26")
	f("http://a/%E9?%E9=1&b=%80#%E9", "windows-1252", "http://a/%E9?%C3%A9=1&b=%E2%82%AC#%E9")
	f("http://a/?q=%93%FA%96%7B&x=%83A", "Shift_JIS", "http://a/?q=%E6%97%A5%E6%9C%AC&x=%E3%82%A2")
	f("http://a/?q=%CF%F0%E8", "windows-1251", "http://a/?q=%D0%9F%D1%80%D0%B8")
	f("http://a/?q=%E9%2B+%2520", "latin1", "http://a/?q=%C3%A9%2B+%2520")
	// Already UTF-8, whatever the page says.
	f("http://a/?q=%C3%A9", "windows-1252", "http://a/?q=%C3%A9")
	f("http://a/?q=%E9", "", "http://a/?q=%E9")
	f("http://a/?q=%E9", "utf-8", "http://a/?q=%E9")
	f("http://a/?q=%E9", "utf-16", "http://a/?q=%E9")
	f("http://a/?q=%E9", "no-such", "http://a/?q=%E9")
	f("http://a/#?q=%E9", "windows-1252", "http://a/#?q=%E9")
	f("http://a/?", "windows-1252", "http://a/?")
	f("http://a/", "windows-1252", "http://a/")
}
