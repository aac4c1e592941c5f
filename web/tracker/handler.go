package tracker

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The script, and the same in Brotli's form, as gen makes them.
var (
	//go:embed matomo.js
	script []byte
	//go:embed matomo.js.br
	scriptBrotli []byte
)

// Paths are the places of the script under a tracking base. Those under js/
// serve two ends; mount them through [OrTrack].
var Paths = []string{"/matomo.js", "/piwik.js", "/js/", "/js/index.php", "/js/tracker.php"}

// cacheControl lets a browser use its copy for a day and then ask again by
// ETag; while the collector is down, the old copy goes on working.
const cacheControl = "public, max-age=86400, stale-while-revalidate=86400, stale-if-error=864000"

// Handler serves the script to GET and HEAD, whatever the path, so that it can
// be mounted under names of the operator's choice. It answers 304 to a request
// that names the current ETag, and 405 to other methods. The ETag depends on
// the script alone: it is the same for everyone and cannot mark a browser.
func Handler() http.Handler {
	forms := encode()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		form := choose(forms, r.Header.Get("Accept-Encoding"))
		h := w.Header()
		h.Set("Content-Type", "application/javascript; charset=utf-8")
		h.Set("Cache-Control", cacheControl)
		h.Set("Vary", "Accept-Encoding")
		h.Set("ETag", form.etag)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		if form.encoding != "" {
			h.Set("Content-Encoding", form.encoding)
			// ServeContent leaves the length of encoded bytes to us.
			h.Set("Content-Length", strconv.Itoa(len(form.body)))
		}
		// The bytes have no time of their own, only a hash.
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(form.body))
	})
}

// OrTrack serves a path under js/, which Matomo uses for two things: a GET
// without a query asks for the script, everything else is a tracking request.
func OrTrack(script, track http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.URL.RawQuery == "" {
			script.ServeHTTP(w, r)
			return
		}
		track.ServeHTTP(w, r)
	})
}

// form is the script in one content encoding.
type form struct {
	encoding string // "" is plain
	etag     string
	body     []byte
}

// encode gives the forms of the script, best first, plain last.
func encode() []form {
	var gz bytes.Buffer
	// Writing to memory cannot fail, and the level is a constant.
	w, _ := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	w.Write(script)
	w.Close()

	sum := sha256.Sum256(script)
	tag := base64.RawURLEncoding.EncodeToString(sum[:9])
	return []form{
		{"br", `"` + tag + `-br"`, scriptBrotli},
		{"gzip", `"` + tag + `-gz"`, gz.Bytes()},
		{"", `"` + tag + `"`, script},
	}
}

// choose gives the first form that an Accept-Encoding header allows
// (RFC 9110, section 12.5.3). Relative weights are not weighed: a client that
// takes an encoding at all gets the smallest.
func choose(forms []form, accept string) form {
	for _, f := range forms {
		if f.encoding == "" || accepts(accept, f.encoding) {
			return f
		}
	}
	return form{}
}

func accepts(header, encoding string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		weight, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if q, err := strconv.ParseFloat(weight, 64); found && (err != nil || q == 0) {
			return false
		}
		return true
	}
	return false
}
