package tracker

import (
	"crypto/sha512"
	"encoding/base64"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestSnippet(t *testing.T) {
	for _, row := range []struct{ base, want string }{
		{"https://stats.example.eu", `var u = "https://stats.example.eu/";`},
		{"https://stats.example.eu/", `var u = "https://stats.example.eu/";`},
		{"https://example.eu/stats", `var u = "https://example.eu/stats/";`},
		{`https://e.eu/</script>"`, `var u = "https://e.eu/\u003c/script\u003e\"/";`},
	} {
		got := Snippet(row.base, 7)
		if !strings.Contains(got, row.want) || !strings.Contains(got, `["setSiteId", "7"]`) {
			t.Errorf("Snippet(%q) lacks %s:\n%s", row.base, row.want, got)
		}
		if n := strings.Count(got, "</script>"); n != 1 {
			t.Errorf("Snippet(%q) ends its script element %d times", row.base, n)
		}
	}
}

func TestOneLine(t *testing.T) {
	for _, row := range []struct{ base, want string }{
		{"https://stats.example.eu", `<script defer src="https://stats.example.eu/foule.js" data-site="7"></script>`},
		{"https://stats.example.eu/x/", `<script defer src="https://stats.example.eu/x/foule.js" data-site="7"></script>`},
		{`https://e.eu/"><b>`, `<script defer src="https://e.eu/&#34;&gt;&lt;b&gt;/foule.js" data-site="7"></script>`},
	} {
		if got := OneLine(row.base, 7); got != row.want {
			t.Errorf("OneLine(%q)\n got %s\nwant %s", row.base, got, row.want)
		}
	}
}

// A pinned element names the very bytes that the handler serves under its URL.
func TestPinnedTag(t *testing.T) {
	h := Handler()
	for _, s := range scripts {
		tag := s.PinnedTag("https://stats.example.eu", 7)
		found := regexp.MustCompile(`^<script defer src="https://stats\.example\.eu(/[^"]+)" integrity="sha384-([^"]+)" crossorigin="anonymous" data-site="7"></script>$`).FindStringSubmatch(tag)
		if found == nil {
			t.Errorf("%s: %s", s, tag)
			continue
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", found[1], nil))
		sum := sha512.Sum384(w.Body.Bytes())
		if got := base64.StdEncoding.EncodeToString(sum[:]); w.Code != 200 || got != found[2] {
			t.Errorf("%s: %d and %s, want 200 and %s", found[1], w.Code, got, found[2])
		}
	}
}
