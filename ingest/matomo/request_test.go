package matomo

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// request makes one as a server sees it; headers are "Name: value".
func request(method, url, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

func reason(err error) string {
	var fault *Error
	if errors.As(err, &fault) {
		return fault.Reason
	}
	return ""
}

const formType = "Content-Type: application/x-www-form-urlencoded; charset=UTF-8"

// pageView is the want of a request for page view A of site 1.
var pageView = []Params{params(func(p *Params) {
	p.SiteID, p.SiteValid, p.Rec, p.Hit.URL, p.Hit.Title = 1, true, true, "http://a/", "A"
})}

func TestRead(t *testing.T) {
	const query = "idsite=1&rec=1&url=http%3A%2F%2Fa%2F&action_name=A"
	const multipart = "--x\r\nContent-Disposition: form-data; name=\"idsite\"\r\n\r\n1\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"rec\"\r\n\r\n1\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\nhttp://a/\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"cip\"; filename=\"f\"\r\n\r\n1.2.3.4\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"action_name\"\r\n\r\nA\r\n--x--\r\n"
	with := func(change func(p *Params)) []Params {
		p := pageView[0]
		change(&p)
		return []Params{p}
	}
	for _, tt := range []struct {
		name string
		in   *http.Request
		want Request
	}{
		{"GET", request("GET", "/matomo.php?"+query, ""),
			Request{SendImage: true, Hits: pageView}},
		{"HEAD", request("HEAD", "/matomo.php?"+query, ""),
			Request{SendImage: true, Hits: pageView}},
		{"form", request("POST", "/matomo.php", query, formType),
			Request{SendImage: true, Hits: pageView}},
		{"form without type", request("POST", "/matomo.php", query),
			Request{SendImage: true, Hits: pageView}},
		{"text", request("POST", "/matomo.php", query, "Content-Type: text/plain;charset=UTF-8"),
			Request{SendImage: true, Hits: pageView}},
		{"multipart", request("POST", "/matomo.php", multipart, `Content-Type: multipart/form-data; boundary="x"`),
			Request{SendImage: true, Hits: pageView}},
		{"broken multipart", request("POST", "/matomo.php?"+query, "--x\r\nConte", "Content-Type: multipart/form-data; boundary=x"),
			Request{SendImage: true, Hits: pageView}},
		{"gzip", request("POST", "/matomo.php", gzipped(query), "Content-Encoding: gzip"),
			Request{SendImage: true, Hits: pageView}},
		{"beacon with an empty body", request("POST", "/matomo.php?"+query, "", "Content-Type: text/plain"),
			Request{SendImage: true, Hits: pageView}},
		{"query string wins", request("POST", "/matomo.php?url=http://a/&send_image=1", query+"&url=http://b/&send_image=0"),
			Request{SendImage: true, Hits: pageView}},
		{"array in the query string wins", request("POST", "/matomo.php?e_n[]=x", query+"&e_n=y"),
			Request{SendImage: true, Hits: pageView}},
		{"categories of query and body", request("POST", "/matomo.php?search_cat[]=x", query+"&search_cat[]=y"),
			Request{SendImage: true, Hits: with(func(p *Params) { p.Hit.SearchCategory = "x" })}},
		{"no image", request("GET", "/matomo.php?send_image=0&"+query, ""),
			Request{Hits: with(func(p *Params) { p.noImage = true })}},
		{"image unless exactly 0", request("GET", "/matomo.php?send_image=00&"+query, ""),
			Request{SendImage: true, Hits: pageView}},
		{"nothing", request("GET", "/matomo.php", ""),
			Request{SendImage: true, Empty: true}},
		{"nothing posted", request("POST", "/matomo.php?&", ""),
			Request{SendImage: true, Empty: true}},
		{"something unknown", request("GET", "/matomo.php?x", "", "Referer: http://a/"),
			Request{SendImage: true, Hits: []Params{params(func(p *Params) { p.Hit.URL = "http://a/" })}}},
		{"token in the URL", request("POST", "/matomo.php?token_auth=u", query+"&token_auth=b", "Authorization: Bearer h"),
			Request{SendImage: true, Token: "u", TokenInURL: true, Hits: with(func(p *Params) { p.Token = "u" })}},
		{"token in the form", request("POST", "/matomo.php", query+"&token_auth=b", "Authorization: Bearer h"),
			Request{SendImage: true, Token: "b", Hits: with(func(p *Params) { p.Token = "b" })}},
		{"token in the header", request("GET", "/matomo.php?"+query, "", "Authorization: bearer h"),
			Request{SendImage: true, Token: "h", Hits: pageView}},
		{"other authorization", request("GET", "/matomo.php?"+query, "", "Authorization: Basic aGk6aGk="),
			Request{SendImage: true, Hits: pageView}},
		{"installer's probe", request("GET", "/matomo.php?tracker_install_check=1&"+query, ""),
			Request{SendImage: true, Hits: with(func(p *Params) { p.Rec, p.probe = false, true })}},
		{"JSON that is no bulk", request("POST", "/matomo.php?"+query, `{"url":"http://b/"}`, "Content-Type: application/json"),
			Request{SendImage: true, Hits: pageView}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Read(tt.in, DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&tt.want, got, sameParams); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

// TestOtherHeadersStayUnread is requirement C11: whatever else a browser, a
// network or an extension adds, the hit is the same.
func TestOtherHeadersStayUnread(t *testing.T) {
	known := []string{"User-Agent: Mozilla/5.0 (X11) Firefox/140.0", "Accept-Language: fr", "Sec-Ch-Ua: \"C\";v=\"1\"", "Dnt: 0", "Referer: https://example.org/p"}
	var others []string
	for _, name := range strings.Fields(`
		Accept Accept-Charset Accept-Encoding Accept-Datetime Cache-Control Connection Pragma Priority Range If-Range If-Match
		If-None-Match If-Modified-Since From Via Forwarded X-Forwarded-For X-Forwarded-Host X-Real-Ip True-Client-Ip Cf-Connecting-Ip Cf-Ipcountry
		Cookie X-Uidh X-Client-Data X-Requested-With X-Wap-Profile X-Att-Deviceid X-Acr X-Amobee-1 X-Device-Id Device-Memory Downlink Ect Rtt
		Dpr Width Viewport-Width Save-Data Sec-Ch-Ua-Arch Sec-Ch-Ua-Bitness Sec-Ch-Ua-Full-Version Sec-Ch-Ua-Wow64 Sec-Ch-Ua-Form-Factors
		Sec-Ch-Dpr Sec-Ch-Device-Memory Sec-Ch-Viewport-Width Sec-Ch-Prefers-Color-Scheme Sec-Ch-Prefers-Reduced-Motion Sec-Fetch-Site
		Sec-Fetch-Mode Sec-Fetch-Dest Sec-Fetch-User Sec-Gpc-Not Te Upgrade-Insecure-Requests X-Csrf-Token X-Correlation-Id Traceparent`) {
		others = append(others, name+": "+strings.ToLower(name)+"=carol@example.org")
	}
	if len(others) < 50 {
		t.Fatalf("only %d other headers", len(others))
	}
	read := func(headers []string) []Params {
		got, err := Read(request("GET", "/matomo.php?idsite=1&rec=1", "", headers...), DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		return got.Hits
	}
	if diff := cmp.Diff(read(known), read(append(others, known...)), sameParams); diff != "" {
		t.Errorf("without -, with the other headers +\n%s", diff)
	}
}

func TestReadHeaders(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		headers     []string
		want        func(p *Params)
	}{
		{"none", "", nil, func(p *Params) {}},
		{"agent and language", "", []string{"User-Agent: curl/8", "Accept-Language: fr"}, func(p *Params) {
			p.Hit.UserAgent, p.Hit.AcceptLanguage = "curl/8", "fr"
		}},
		{"literally undefined", "", []string{"Accept-Language: undefined"}, func(p *Params) {}},
		{"parameters win", "&ua=x&lang=de", []string{"User-Agent: curl/8", "Accept-Language: fr"}, func(p *Params) {
			p.Hit.UserAgent, p.Hit.AcceptLanguage = "x", "de"
			p.came("lang")
		}},
		{"referer is the page", "", []string{"Referer: http://a/"}, func(p *Params) { p.Hit.URL = "http://a/" }},
		{"referer beside url", "&url=http://b/", []string{"Referer: http://a/"}, func(p *Params) { p.Hit.URL = "http://b/" }},
		{"referer beside urlref", "&urlref=http://b/", []string{"Referer: http://a/"}, func(p *Params) { p.Hit.Referrer = "http://b/" }},
		{"client hints", "", []string{`Sec-CH-UA: "Chromium";v="122"`, `Sec-CH-UA-Platform: "Linux"`,
			`Sec-CH-UA-Platform-Version: "6"`, `Sec-CH-UA-Model: "Pixel 7"`, "Sec-CH-UA-Mobile: ?1"}, func(p *Params) {
			p.Hit.HintUA, p.Hit.HintPlatform, p.Hit.HintPlatformVersion = `"Chromium";v="122"`, `"Linux"`, `"6"`
			p.Hit.HintModel, p.Hit.HintMobile = `"Pixel 7"`, "?1"
		}},
		{"full version list goes first", "", []string{`Sec-CH-UA: "C";v="1"`, `Sec-CH-UA-Full-Version-List: "C";v="1.2"`}, func(p *Params) {
			p.Hit.HintUA = `"C";v="1.2"`
		}},
		{"DNT", "", []string{"DNT: 1"}, func(p *Params) { p.Hit.DoNotTrack = true }},
		{"DNT off", "", []string{"DNT: 0"}, func(p *Params) {}},
		{"X-Do-Not-Track", "", []string{"X-Do-Not-Track: 1"}, func(p *Params) { p.Hit.DoNotTrack = true }},
		{"GPC", "", []string{"Sec-GPC: 1"}, func(p *Params) { p.Hit.GlobalPrivacyControl = true }},
		{"prefetch", "", []string{"Sec-Purpose: prefetch;prerender"}, func(p *Params) { p.Hit.Prefetch = true }},
		{"Firefox prefetch", "", []string{"X-Moz: prefetch"}, func(p *Params) { p.Hit.Prefetch = true }},
		{"Safari preview", "", []string{"X-Purpose: preview"}, func(p *Params) { p.Hit.Prefetch = true }},
		{"old prefetch", "", []string{"Purpose: Prefetch"}, func(p *Params) { p.Hit.Prefetch = true }},
		{"other purpose", "", []string{"Purpose: reading"}, func(p *Params) {}},
		{"opt-out cookie", "", []string{"Cookie: a=b; foule_optout=1"}, func(p *Params) { p.Hit.OptedOut = true }},
		{"Matomo's opt-out cookie", "", []string{"Cookie: a=b", "Cookie: matomo_ignore=ignore%3D*"}, func(p *Params) { p.Hit.OptedOut = true }},
		{"Piwik's opt-out cookie", "", []string{"Cookie: piwik_ignore"}, func(p *Params) { p.Hit.OptedOut = true }},
		{"other cookies", "", []string{"Cookie: xfoule_optout=1; y=foule_optout; _pk_id.1=x"}, func(p *Params) {}},
		{"other headers are not read", "", []string{"X-Forwarded-For: 1.2.3.4", "X-Do-Not-Follow: 1"}, func(p *Params) {}},
		{"odd bytes", "", []string{"User-Agent: caf\xe9\x00"}, func(p *Params) { p.Hit.UserAgent = "caf\uFFFD" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Read(request("GET", "/matomo.php?idsite=1"+tt.query, "", tt.headers...), DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			want := params(tt.want)
			want.SiteID, want.SiteValid = 1, true
			if diff := cmp.Diff([]Params{want}, got.Hits, sameParams); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

// failing is a body whose sender goes away or is too slow.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestNothingInLogs logs everything this package gives out and looks for what
// the visitor sent.
func TestNothingInLogs(t *testing.T) {
	const secret = "canary"
	req, err := Read(request("POST", "/?idsite=1&token_auth=canary", `{"requests":["?idsite=1&rec=1&url=http://canary/&cid=canary&ua=canary"]}`,
		"User-Agent: canary", "Cookie: canary=canary"), DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	_, fault := req.Hits[0].Resolve(testNow, false)
	_, unreadable := Read(httptest.NewRequest("POST", "/", failing{errors.New(secret)}), DefaultLimits)
	var out bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		log := slog.New(handler)
		log.Info("request", "pointer", req, "copy", *req, "hit", &req.Hits[0], "copy of hit", req.Hits[0])
		log.Info("faults", "hit", fault, "body", unreadable)
	}
	if strings.Contains(out.String(), secret) {
		t.Errorf("logged: %s", out.String())
	}
}

func TestReadFaults(t *testing.T) {
	limits := Limits{MaxURLBytes: 100, MaxBodyBytes: 200, MaxInflatedBytes: 400, MaxBulkHits: 3}
	unsized := request("POST", "/", strings.Repeat("x", 201))
	unsized.ContentLength = -1
	slow := httptest.NewRequest("POST", "/", failing{os.ErrDeadlineExceeded})
	gone := httptest.NewRequest("POST", "/", failing{io.ErrUnexpectedEOF})
	for _, tt := range []struct {
		name string
		in   *http.Request
		want string // reason
	}{
		{"PUT", request("PUT", "/?idsite=1", ""), "method"},
		{"URL at the limit", request("GET", "/?"+strings.Repeat("x", 100), ""), ""},
		{"URL over the limit", request("GET", "/?"+strings.Repeat("x", 101), ""), "url-size"},
		{"body at the limit", request("POST", "/", strings.Repeat("x", 200)), ""},
		{"body over the limit", request("POST", "/", strings.Repeat("x", 201)), "body-size"},
		{"body of unknown size", unsized, "body-size"},
		{"inflated at the limit", request("POST", "/", gzipped(strings.Repeat("x", 400)), "Content-Encoding: gzip"), ""},
		{"inflated over the limit", request("POST", "/", gzipped(strings.Repeat("x", 401)), "Content-Encoding: gzip"), "body-size"},
		{"not gzip at all", request("POST", "/", "idsite=1", "Content-Encoding: gzip"), "body"},
		{"gzip cut off", request("POST", "/", gzipped("idsite=1")[:20], "Content-Encoding: gzip"), "body"},
		{"brotli", request("POST", "/", "x", "Content-Encoding: br"), "encoding"},
		{"identity", request("POST", "/", "idsite=1", "Content-Encoding: identity"), ""},
		{"too slow", slow, "timeout"},
		{"gone", gone, "body"},
		{"bulk at the limit", request("POST", "/", `{"requests":["?a","?a","","?a"]}`), ""},
		{"bulk over the limit", request("POST", "/", `{"requests":["?a","?a","?a","?a"]}`), "bulk-size"},
		{"bulk that is no JSON", request("POST", "/", `{"requests":["?a"`), "bulk-json"},
		{"bulk in single quotes", request("POST", "/", `{'requests':['?a']}`), "bulk-json"},
		{"bulk of nothing", request("POST", "/", `{"requests":[]}`), "bulk-empty"},
	} {
		_, err := Read(tt.in, limits)
		if got := reason(err); got != tt.want {
			t.Errorf("%s: got %q (%v), want %q", tt.name, got, err, tt.want)
		}
	}
}
