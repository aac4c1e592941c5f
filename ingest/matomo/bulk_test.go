package matomo

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var bulkCases = []struct {
	name, in string
	want     Request // without headers
	reason   string  // of the fault, if there is one
}{
	{"strings", `{"requests":["?idsite=1&url=http%3A%2F%2Fa%2F","https://x/matomo.php?idsite=2#frag"]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{
			params(func(p *Params) { p.SiteID, p.SiteValid, p.Hit.URL = 1, true, "http://a/" }),
			params(func(p *Params) { p.SiteID, p.SiteValid, p.Index = 2, true, 1 }),
		}}, ""},
	{"objects", `{"requests":[{"idsite":1,"rec":true,"url":"http:\/\/a\/?q=%C3%A9+b","e_v":1.5,"search_count":1e1,"ca":false,"ua":null}]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) {
			p.SiteID, p.SiteValid, p.Rec = 1, true, true
			p.Hit.URL, p.Hit.EventValue, p.Hit.HasEventValue, p.Hit.SearchCount = "http://a/?q=%C3%A9+b", 1.5, true, 10
		})}}, ""},
	{"numbers as PHP writes them", `{"requests":[{"idsite":7.0,"rec":-0.0e0,"cdt":1741780800}]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) {
			p.SiteID, p.SiteValid, p.Cdt = 7, true, "1741780800"
		})}}, ""},
	{"nested values are missing", `{"requests":[{"idsite":[1],"url":{"a":"b"},"rec":1,"cvar":{"1":["k",["v"]]}}]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) { p.Rec = true })}}, ""},
	{"array of categories", `{"requests":[{"search_cat":["a",["b"],"c"]},{"search_cat":[]},{"search_cat":"d"}]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{
			params(func(p *Params) { p.Hit.SearchCategory = "a" }),
			params(func(p *Params) { p.Index = 1 }),
			params(func(p *Params) { p.Hit.SearchCategory, p.Index = "d", 2 }),
		}}, ""},
	{"empty elements are passed over", `{"requests":["","?","no query",{},null,5,[],"?idsite=1"]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{
			params(func(p *Params) { p.SiteID, p.SiteValid, p.Index = 1, true, 4 }),
		}}, ""},
	{"only empty elements", `{"requests":[""]}`, Request{Bulk: true, SendImage: true}, ""},
	{"rotten elements take no others with them", `{"requests":["?idsite=%zz","?%00%ff&&=",{"idsite":"\ud800"},"?idsite=1"]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{
			params(func(p *Params) {}),
			params(func(p *Params) { p.Index = 1 }),
			params(func(p *Params) { p.Index = 2 }),
			params(func(p *Params) { p.SiteID, p.SiteValid, p.Index = 1, true, 3 }),
		}}, ""},
	{"token, image, unknown members", `{"token_auth":"t","send_image":0,"x":[{"y":[null,true,-1.5e-3,"\u00e9"]}],"requests":["?idsite=1&token_auth=own"]}`,
		Request{Bulk: true, Token: "t", Hits: []Params{
			params(func(p *Params) { p.SiteID, p.SiteValid, p.Token = 1, true, "own" }),
		}}, ""},
	{"image as text", `{"requests":[""],"send_image":"0"}`, Request{Bulk: true}, ""},
	{"image as false", `{"requests":[""],"send_image": false}`, Request{Bulk: true}, ""},
	{"image asked for", `{"requests":[""],"send_image":1}`, Request{Bulk: true, SendImage: true}, ""},
	{"send_image of an element", `{"requests":[{"send_image":0}]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) { p.noImage = true })}}, ""},
	{"escapes", `{"requests":[{"action_name":"a\"\\\/\b\f\tb\u00e9\ud83d\ude00\ud83dx\u0000\n"}]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) {
			p.Hit.Title = "a\"\\/\b\f\tbé😀\uFFFDx"
		})}}, ""},
	{"line breaks anywhere", "{\r\n\"requests\"\n:[\"?action_name=a\nb\"]\r}\n",
		Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) { p.Hit.Title = "ab" })}}, ""},
	{"byte order mark", "\uFEFF{\"requests\":[\"\"]}", Request{Bulk: true, SendImage: true}, ""},
	{"the last list counts", `{"requests":["?idsite=1"],"requests":["?idsite=2"]}`,
		Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) { p.SiteID, p.SiteValid = 2, true })}}, ""},
	{"no list", `{"x":"\"requests\"","y":"requests", "requests":"?a"}`, Request{}, "bulk-empty"},
	{"list elsewhere", `{"x":{"requests":["?a"]}}`, Request{}, "bulk-empty"},
	{"array on top", `[{"requests":["?a"]}]`, Request{}, "bulk-json"},
	{"something behind", `{"requests":["?a"]}]`, Request{}, "bulk-json"},
	{"comma at the end", `{"requests":["?a",]}`, Request{}, "bulk-json"},
	{"comma in front", `{,"requests":["?a"]}`, Request{}, "bulk-json"},
	{"no comma", `{"requests":["?a" "?b"]}`, Request{}, "bulk-json"},
	{"no colon", `{"requests" ["?a"]}`, Request{}, "bulk-json"},
	{"bad escape", `{"requests":["?a\x"]}`, Request{}, "bulk-json"},
	{"short escape", `{"requests":["?a\u12"]}`, Request{}, "bulk-json"},
	{"escape at the end", `{"requests":["\`, Request{}, "bulk-json"},
	{"half a unicode escape at the end", `{"requests":["\u00`, Request{}, "bulk-json"},
	{"tab in a string", "{\"requests\":[\"?a\tb\"]}", Request{}, "bulk-json"},
	{"bad number", `{"requests":[01]}`, Request{}, "bulk-json"},
	{"number cut off", `{"requests":[{"a":1.}]}`, Request{}, "bulk-json"},
	{"exponent cut off", `{"requests":[{"a":1e}]}`, Request{}, "bulk-json"},
	{"minus alone", `{"requests":[-`, Request{}, "bulk-json"},
	{"bad word", `{"requests":[nul]}`, Request{}, "bulk-json"},
	{"bad word in an object", `{"requests":[{"rec":tru}]}`, Request{}, "bulk-json"},
	{"name that is no string", `{"requests":[{1:2}]}`, Request{}, "bulk-json"},
}

func TestBulk(t *testing.T) {
	for _, tt := range bulkCases {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Read(request("POST", "/matomo.php", tt.in, formType), DefaultLimits)
			if reason(err) != tt.reason {
				t.Fatalf("got %v, want reason %q", err, tt.reason)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(&tt.want, got, sameParams); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func TestBulkTokens(t *testing.T) {
	const body = `{"requests":["?idsite=1"],"token_auth":"b"}`
	for _, tt := range []struct {
		name, url string
		headers   []string
		want      string
		inURL     bool
	}{
		{"body", "/matomo.php?queuedtracking=0", nil, "b", false},
		{"URL", "/matomo.php?token_auth=u", []string{"Authorization: Bearer h"}, "u", true},
		{"header", "/matomo.php", []string{"Authorization: Bearer h"}, "h", false},
	} {
		got, err := Read(request("POST", tt.url, body, tt.headers...), DefaultLimits)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got.Token != tt.want || got.TokenInURL != tt.inURL {
			t.Errorf("%s: token %q, in URL %t; want %q, %t", tt.name, got.Token, got.TokenInURL, tt.want, tt.inURL)
		}
	}
}

func TestBulkIgnoresURL(t *testing.T) {
	got, err := Read(request("POST", "/matomo.php?idsite=9&send_image=0", `{"requests":["?rec=1"]}`), DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	want := &Request{Bulk: true, SendImage: true, Hits: []Params{params(func(p *Params) { p.Rec = true })}}
	if diff := cmp.Diff(want, got, sameParams); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func FuzzBulk(f *testing.F) {
	for _, tt := range bulkCases {
		f.Add(tt.in)
	}
	limits := DefaultLimits
	limits.MaxBulkHits = 50
	f.Fuzz(func(t *testing.T, in string) {
		req, err := Read(request("POST", "/matomo.php", in), limits)
		if err != nil {
			var fault *Error
			if !errors.As(err, &fault) || fault.Status < 400 || fault.Reason == "" {
				t.Errorf("fault without status and reason: %v", err)
			}
			return
		}
		if len(req.Hits) > limits.MaxBulkHits {
			t.Errorf("%d hits over the limit", len(req.Hits))
		}
		last := -1
		for i := range req.Hits {
			checkParams(t, &req.Hits[i])
			if req.Bulk && req.Hits[i].Index <= last {
				t.Errorf("hit %d has index %d after %d", i, req.Hits[i].Index, last)
			}
			last = req.Hits[i].Index
		}
	})
}

// TestPartHash: what is remembered of an import's request is the same however
// its token is sent, and cannot be told without the token.
func TestPartHash(t *testing.T) {
	const body = `{"requests":["?idsite=1&rec=1&cip=192.0.2.7"]}`
	part := func(query, bearer string) uint64 {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/matomo.php?"+query, strings.NewReader(body))
		if bearer != "" {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		req, err := Read(r, DefaultLimits)
		if err != nil || len(req.Hits) != 1 {
			t.Fatalf("%s: %v", query, err)
		}
		return req.Part
	}
	const a, b = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
	in := part("foule_import=may", a)
	if got := part("foule_import=may&token_auth="+a, ""); got != in || in == 0 {
		t.Errorf("a token in the URL makes it another request: %x, %x", got, in)
	}
	if part("foule_import=may", b) == in || part("foule_import=may", "") == in {
		t.Error("the hash can be had without the token")
	}
	if part("foule_import=june", a) == in || part("", a) != 0 {
		t.Error("the hash does not tell imports apart")
	}
}
