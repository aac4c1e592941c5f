package tracker

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Paths are the places of the script under a tracking base, as patterns of
// chi. Those under js/ serve two ends; mount them through [OrTrack].
var Paths = []string{
	"/foule.js", "/foule.{version}.js", "/foule.{version}.js.map",
	"/foule.lite.js", "/foule.lite.{version}.js", "/foule.lite.{version}.js.map",
	"/foule.bare.js", "/foule.bare.{version}.js", "/foule.bare.{version}.js.map",
	"/matomo.js", "/matomo.{version}.js", "/matomo.{version}.js.map", "/piwik.js",
	"/js/", "/js/index.php", "/js/tracker.php",
}

const (
	// forADay lets a browser use its copy for a day and then ask again by ETag;
	// while the collector is down, the old copy goes on working.
	forADay = "public, max-age=86400, stale-while-revalidate=86400, stale-if-error=864000"
	// forGood is for names that hold their content's hash.
	forGood = "public, max-age=31536000, immutable"
)

// versioned is a name as [Script.Versioned] gives it; the group is the form.
var versioned = regexp.MustCompile(`^(foule|foule\.lite|foule\.bare|matomo)\.[0-9a-f]{16}\.js$`)

// Handler serves the script to GET and HEAD. The last element of the path says
// which: a form's name, a version's, today's or a released one, or a source
// map's. Any other name, so that the operator may choose one, gets the
// _paq-compatible form. It answers 304 to a request that names the current
// ETag, and 405 to other methods. The ETag depends on the content alone: it is
// the same for everyone and cannot mark a browser.
//
// A version that the program does not know, because it is newer or was never
// released, is redirected to today's, uncached. A page without an integrity
// attribute goes on being counted; with one, the browser refuses other bytes.
func Handler() http.Handler {
	shelf := stock()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("X-Content-Type-Options", "nosniff")

		name := path.Base(r.URL.Path)
		found, ok := shelf[name]
		if unknown := versioned.FindStringSubmatch(name); !ok && unknown != nil {
			refer(w, unknown[1]+".js")
			return
		}
		if !ok && path.Ext(name) == ".map" {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "no source map of this version", http.StatusNotFound)
			return
		}
		if !ok {
			found = shelf[Matomo.File()]
		}
		found.serve(w, r)
	})
}

// refer answers for a version that is not here with the current one's place:
// relative, because a proxy may have cut a prefix from the path that we see.
func refer(w http.ResponseWriter, current string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", "./"+current)
	w.WriteHeader(http.StatusFound)
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

// item is a file to serve.
type item struct {
	contentType, cacheControl string
	sourceMap                 string // its name, "" for none
	forms                     []form // best first, plain last
}

func (f item) serve(w http.ResponseWriter, r *http.Request) {
	form := choose(f.forms, r.Header.Get("Accept-Encoding"))
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cacheControl)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", form.etag)
	if f.sourceMap != "" && strings.HasSuffix(r.URL.Path, ".js") {
		h.Set("SourceMap", f.sourceMap)
	}
	if form.encoding != "" {
		h.Set("Content-Encoding", form.encoding)
		// ServeContent leaves the length of encoded bytes to us.
		h.Set("Content-Length", strconv.Itoa(len(form.body)))
	}
	// The bytes have no time of their own, only a hash.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(form.body))
}

// stock gives everything there is to serve, by name.
func stock() map[string]item {
	const javascript, json = "application/javascript; charset=utf-8", "application/json"
	shelf := map[string]item{}
	for name, body := range released() {
		shelf[name] = item{javascript, forGood, "", encode(body, nil)}
	}
	for _, s := range scripts {
		forms := encode(s.body(), mustRead(s.File()+".br"))
		sourceMap := s.Versioned() + ".map"
		shelf[s.File()] = item{javascript, forADay, sourceMap, forms}
		shelf[s.Versioned()] = item{javascript, forGood, sourceMap, forms}
		shelf[sourceMap] = item{json, forGood, "", encode(mustRead(s.File()+".map"), nil)}
	}
	return shelf
}

// released gives the bundles of past releases by their versioned names.
func released() map[string][]byte {
	bundles := map[string][]byte{}
	entries, err := files.ReadDir("released")
	if err != nil {
		panic(err) // it is part of the program
	}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".gz")
		if !ok {
			continue
		}
		packed, err := gzip.NewReader(bytes.NewReader(mustRead("released/" + entry.Name())))
		if err != nil {
			panic(err) // a test reads them all
		}
		if bundles[name], err = io.ReadAll(packed); err != nil {
			panic(err)
		}
	}
	return bundles
}

// form is a file in one content encoding.
type form struct {
	encoding string // "" is plain
	etag     string
	body     []byte
}

// encode gives the forms of a file, best first, plain last; Brotli's, which
// only gen can make, if there is one.
func encode(plain, brotli []byte) []form {
	var gz bytes.Buffer
	// Writing to memory cannot fail, and the level is a constant.
	w, _ := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	w.Write(plain)
	w.Close()

	sum := sha256.Sum256(plain)
	tag := base64.RawURLEncoding.EncodeToString(sum[:9])
	forms := []form{{"gzip", `"` + tag + `-gz"`, gz.Bytes()}, {"", `"` + tag + `"`, plain}}
	if brotli != nil {
		forms = append([]form{{"br", `"` + tag + `-br"`, brotli}}, forms...)
	}
	return forms
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
