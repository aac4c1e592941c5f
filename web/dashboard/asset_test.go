package dashboard

import (
	"net/http"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	h := openHouse(t)
	p := parse(t, h.get(t, "/login", "en"))
	budget := map[string]int{".js": 14 << 10, ".css": 32 << 10, ".svg": 1 << 10}
	var paths []string
	for _, n := range append(p.all("link[href]"), p.all("script[src]")...) {
		for _, name := range []string{"href", "src"} {
			if v, ok := attr(n, name); ok {
				paths = append(paths, v)
			}
		}
	}
	if len(paths) != 3 {
		t.Fatalf("assets %v, want 3", paths)
	}
	for _, path := range paths {
		w := h.get(t, path, "en")
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: status %d, %q", path, w.Code, w.Header().Get("Cache-Control"))
		}
		if ext := path[strings.LastIndexByte(path, '.'):]; w.Body.Len() > budget[ext] || w.Body.Len() == 0 {
			t.Errorf("%s: %d bytes, at most %d", path, w.Body.Len(), budget[ext])
		}
	}
	if w := h.get(t, "/assets/app.css", "en"); w.Code != http.StatusNotFound {
		t.Errorf("unhashed name: status %d", w.Code)
	}
}
