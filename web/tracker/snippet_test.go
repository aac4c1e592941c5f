package tracker

import (
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
		{"https://stats.example.eu", `<script defer src="https://stats.example.eu/matomo.js" data-site="7"></script>`},
		{"https://stats.example.eu/x/", `<script defer src="https://stats.example.eu/x/matomo.js" data-site="7"></script>`},
		{`https://e.eu/"><b>`, `<script defer src="https://e.eu/&#34;&gt;&lt;b&gt;/matomo.js" data-site="7"></script>`},
	} {
		if got := OneLine(row.base, 7); got != row.want {
			t.Errorf("OneLine(%q)\n got %s\nwant %s", row.base, got, row.want)
		}
	}
}
