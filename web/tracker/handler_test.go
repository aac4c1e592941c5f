package tracker

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
)

// maxGzip is the script's size budget: what a visitor downloads once.
const maxGzip = 6 * 1024

func TestSize(t *testing.T) {
	for _, f := range encode() {
		t.Logf("%4s: %d bytes", f.encoding, len(f.body))
		if f.encoding == "gzip" && len(f.body) > maxGzip {
			t.Errorf("matomo.js is %d bytes compressed; the budget is %d", len(f.body), maxGzip)
		}
	}
}

// The script is cookieless by construction: what it never mentions it cannot use.
func TestScriptReachesForNothing(t *testing.T) {
	for _, forbidden := range []string{
		"document.cookie", "sessionStorage", "indexedDB", "getHighEntropyValues", "userAgentData", "plugins",
		"canvas", "hardwareConcurrency", "deviceMemory", "localStorage.clear", "eval(", "innerHTML",
	} {
		if bytes.Contains(script, []byte(forbidden)) {
			t.Errorf("matomo.js mentions %q", forbidden)
		}
	}
	stored := bytes.Count(script, []byte("localStorage.setItem"))
	if stored != 1 {
		t.Errorf("matomo.js stores in %d places; the wish not to be counted is one", stored)
	}
}

func TestHandler(t *testing.T) {
	h := Handler()
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
			"Cache-Control":                cacheControl,
			"Content-Type":                 "application/javascript; charset=utf-8",
			"Cross-Origin-Resource-Policy": "cross-origin",
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
