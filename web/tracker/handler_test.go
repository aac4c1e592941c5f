package tracker

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
)

// budgets are what a visitor downloads once, in bytes compressed by gzip. The
// smallest peers' scripts, which count page views, are 773 and 777.
var budgets = map[Script]int{Lite: 750, Bare: 1800, Foule: 2253, Matomo: 6144}

// What bare leaves out, it never mentions.
func TestBareReadsNoDevice(t *testing.T) {
	for _, reading := range []string{"screen", "getHours", "Date", "performance", "scroll", "hasFocus", "innerHeight", "pf_"} {
		if bytes.Contains(Bare.body(), []byte(reading)) {
			t.Errorf("%s mentions %q", Bare.File(), reading)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, s := range scripts {
		for _, f := range encode(s.body(), mustRead(s.File()+".br")) {
			t.Logf("%-10s %4s: %5d bytes", s, f.encoding, len(f.body))
			if f.encoding == "gzip" && len(f.body) > budgets[s] {
				t.Errorf("%s is %d bytes compressed; the budget is %d", s.File(), len(f.body), budgets[s])
			}
		}
	}
}

// The scripts are cookieless by construction: what they never mention they
// cannot use. What they do use is watched in a browser, by test/wire.
func TestScriptsReachForNothing(t *testing.T) {
	for _, s := range scripts {
		for _, forbidden := range []string{
			"document.cookie", "cookieStore", "sessionStorage", "indexedDB", "caches", "getHighEntropyValues", "userAgent", "plugins",
			"canvas", "hardwareConcurrency", "deviceMemory", "localStorage.clear", "eval(", "Function(", "innerHTML", "getBoundingClientRect",
		} {
			if bytes.Contains(s.body(), []byte(forbidden)) {
				t.Errorf("%s mentions %q", s.File(), forbidden)
			}
		}
		want := 1 // the wish not to be counted
		if s == Lite {
			want = 0 // it only asks for it
		}
		if stored := bytes.Count(s.body(), []byte("localStorage.setItem")); stored != want {
			t.Errorf("%s stores in %d places, want %d", s.File(), stored, want)
		}
	}
}

// Every released bundle is what its name says.
func TestReleased(t *testing.T) {
	for name, body := range released() {
		sum := sha256.Sum256(body)
		if !versioned.MatchString(name) || !strings.HasSuffix(name, "."+hex.EncodeToString(sum[:8])+".js") {
			t.Errorf("released/%s.gz holds %x", name, sum[:8])
		}
	}
}

// TestPaths mounts the handler as the collector does.
func TestPaths(t *testing.T) {
	router := chi.NewRouter()
	for _, path := range Paths {
		router.Handle(path, Handler())
	}
	const javascript = "application/javascript; charset=utf-8"
	type answer struct {
		Status                           int
		Type, Cache, SourceMap, Location string
		Body                             string
	}
	script := func(s Script, cache, sourceMap string) answer {
		return answer{200, javascript, cache, sourceMap, "", string(s.body())}
	}
	rows := map[string]answer{
		"/piwik.js":                       script(Matomo, forADay, Matomo.Versioned()+".map"),
		"/js/":                            script(Matomo, forADay, ""),
		"/js/index.php":                   script(Matomo, forADay, ""),
		"/foule.0123456789abcdef.js":      {302, "", "no-store", "", "./foule.js", ""},
		"/foule.lite.0123456789abcdef.js": {302, "", "no-store", "", "./foule.lite.js", ""},
		"/matomo.0123456789abcdef.js":     {302, "", "no-store", "", "./matomo.js", ""},
		"/foule.0123456789abcdef.js.map":  {404, "text/plain; charset=utf-8", "no-store", "", "", "no source map of this version\n"},
		"/foule.lite.js.map":              {404, "text/plain; charset=utf-8", "no-store", "", "", "no source map of this version\n"},
	}
	for _, s := range scripts {
		sourceMap := s.Versioned() + ".map"
		rows["/"+s.File()] = script(s, forADay, sourceMap)
		rows["/"+s.Versioned()] = script(s, forGood, sourceMap)
		rows["/"+sourceMap] = answer{200, "application/json", forGood, "", "", string(mustRead(s.File() + ".map"))}
	}
	for path, want := range rows {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		h := w.Header()
		got := answer{w.Code, h.Get("Content-Type"), h.Get("Cache-Control"), h.Get("SourceMap"), h.Get("Location"), w.Body.String()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%.800s", path, diff)
		}
	}
	for _, s := range scripts {
		var sourceMap struct{ Sources, SourcesContent []string }
		if err := json.Unmarshal(mustRead(s.File()+".map"), &sourceMap); err != nil || len(sourceMap.Sources) == 0 || len(sourceMap.SourcesContent) != len(sourceMap.Sources) {
			t.Errorf("%s.map: %v, sources %v with %d contents", s.File(), err, sourceMap.Sources, len(sourceMap.SourcesContent))
		}
	}
}

func TestHandler(t *testing.T) {
	h, script := Handler(), Matomo.body()
	get := func(method, path string, header ...string) *http.Response {
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}

	t.Run("headers", func(t *testing.T) {
		res := get("GET", "/matomo.js?v=7")
		got := map[string]string{}
		for name := range res.Header {
			got[name] = res.Header.Get(name)
		}
		etag := got["Etag"]
		delete(got, "Etag")
		delete(got, "Content-Length")
		want := map[string]string{
			"Accept-Ranges":                "bytes",
			"Access-Control-Allow-Origin":  "*",
			"Cache-Control":                forADay,
			"Content-Type":                 "application/javascript; charset=utf-8",
			"Cross-Origin-Resource-Policy": "cross-origin",
			"Sourcemap":                    Matomo.Versioned() + ".map",
			"Vary":                         "Accept-Encoding",
			"X-Content-Type-Options":       "nosniff",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
		if len(etag) < 10 || etag[0] != '"' {
			t.Errorf("ETag %s is not strong", etag)
		}
	})

	t.Run("encodings", func(t *testing.T) {
		plain := func(r io.Reader) (io.Reader, error) { return r, nil }
		gunzip := func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
		unbrotli := func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }
		for _, row := range []struct {
			accept, want string
			decode       func(io.Reader) (io.Reader, error)
		}{
			{"", "", plain},
			{"gzip, deflate, br, zstd", "br", unbrotli},
			{"gzip, deflate", "gzip", gunzip},
			{"br;q=0, gzip;q=0.5", "gzip", gunzip},
			{"BR", "br", unbrotli},
			{"gzip; q=0", "", plain},
			{"identity, deflate", "", plain},
			{"gzipped, br-x", "", plain},
			{"gzip;q=x", "", plain},
		} {
			res := get("GET", "/piwik.js", "Accept-Encoding", row.accept)
			if got := res.Header.Get("Content-Encoding"); got != row.want {
				t.Errorf("Accept-Encoding %q: got encoding %q, want %q", row.accept, got, row.want)
				continue
			}
			body, err := row.decode(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, script) {
				t.Errorf("Accept-Encoding %q: %d bytes, error %v; want the %d of the script", row.accept, len(got), err, len(script))
			}
		}
	})

	t.Run("revalidation", func(t *testing.T) {
		etag := get("GET", "/matomo.js", "Accept-Encoding", "gzip").Header.Get("ETag")
		for _, row := range []struct {
			method, ifNoneMatch string
			want                int
		}{
			{"GET", etag, 304},
			{"HEAD", etag, 304},
			{"GET", `"other", W/` + etag, 304},
			{"GET", "*", 304},
			{"GET", `"other"`, 200},
			{"HEAD", "", 200},
			{"POST", "", 405},
			{"DELETE", etag, 405},
		} {
			res := get(row.method, "/matomo.js", "Accept-Encoding", "gzip", "If-None-Match", row.ifNoneMatch)
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != row.want {
				t.Errorf("%s with If-None-Match %s: got %d, want %d", row.method, row.ifNoneMatch, res.StatusCode, row.want)
			}
			if row.want == 304 && (len(body) > 0 || res.Header.Get("Content-Encoding") != "" || res.Header.Get("ETag") != etag) {
				t.Errorf("%s with If-None-Match %s: 304 with %d bytes and headers %v", row.method, row.ifNoneMatch, len(body), res.Header)
			}
		}
	})
}

func TestOrTrack(t *testing.T) {
	name := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, name) })
	}
	h := OrTrack(name("script"), name("track"))
	for _, row := range []struct{ method, url, want string }{
		{"GET", "/js/", "script"},
		{"HEAD", "/js/index.php", "script"},
		{"GET", "/js/tracker.php", "script"},
		{"GET", "/js/tracker.php?idsite=1&rec=1", "track"},
		{"GET", "/js/?x", "track"},
		{"POST", "/js/", "track"},
		{"POST", "/js/?idsite=1", "track"},
		{"OPTIONS", "/js/", "track"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(row.method, row.url, strings.NewReader("")))
		if got := w.Body.String(); got != row.want {
			t.Errorf("%s %s goes to %s, want %s", row.method, row.url, got, row.want)
		}
	}
}
