package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/web/auth"
)

// standIn stands in for the collector: it knows the site's rules and the word
// "secret", and leaves out what is addressed to elsewhere.example.
func standIn(ctx context.Context, site foule.Site, sample string, texts []string) (list []Tried, err error) {
	for _, text := range texts {
		if text == "nothing" {
			list = append(list, Tried{Sent: text})
			continue
		}
		tried := Tried{Sent: text}
		if strings.Contains(text, "elsewhere.example") {
			tried.Reason = "foreign_host"
		}
		dim := foule.DimTitle
		if sample == "page" {
			dim = foule.DimPage
		}
		label := TriedLabel{Dim: dim}
		for _, word := range strings.SplitAfter(text, " ") {
			kind := ""
			if word == "secret" {
				kind = "token"
			}
			if slices.ContainsFunc(site.Privacy.Scrub, func(p string) bool { return regexp.MustCompile(p).MatchString(word) }) {
				kind = "removed"
			}
			if kind != "" {
				word = "[" + kind + "]"
			}
			label.Pieces = append(label.Pieces, Piece{word, kind})
		}
		tried.Labels = []TriedLabel{label}
		list = append(list, tried)
	}
	return list, ctx.Err()
}

func TestTryScrubbing(t *testing.T) {
	h := openHouse(t)
	p := parse(t, h.get(t, "/sites/1/settings", "fr"))
	if got := text(p.one("a[href=/sites/1/scrubbing]")); got != "Essayer le nettoyage" {
		t.Errorf("the settings lead to %q", got)
	}
	site, err := h.store.Site(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	site.Privacy.Scrub = []string{"KD-.*"}
	if err := h.store.UpdateSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	p = parse(t, h.get(t, "/sites/1/scrubbing", "en"))
	if got := text(p.one("textarea[name=rules]")); got != "KD-.*" {
		t.Errorf("rules %q", got)
	}

	w := h.submit(t, "/sites/1/scrubbing", url.Values{
		"sample": {"text"}, "rules": {"KD-.*\nBob"}, "texts": {"Hello Bob\n\n the secret \r\nfor KD-77\nnothing\n" + hostile + "\nat elsewhere.example"},
	}, http.StatusOK)
	p = parse(t, w)
	checkInline(t, p)
	equal(t, p.texts(".tried tbody code"), []string{
		"Hello Bob", "Hello [removed]", "the secret", "the [token]", "for KD-77", "for [removed]", "nothing", hostile, hostile, "at elsewhere.example", "at elsewhere.example",
	})
	equal(t, p.texts(".tried mark"), []string{"[removed]", "[token]", "[removed]"})
	equal(t, p.texts(".sub-head h2"), []string{"6 lines, 3 with something replaced"})
	equal(t, p.texts(".found li"), []string{"Token or identifier: 1", "The site’s own rules: 2"})
	if got := p.texts(".tried td p.muted"); !slices.Equal(got, []string{"Nothing is kept", "Such a hit is not counted: Another host."}) {
		t.Errorf("notes %q", got)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	if title, _ := attr(p.all("mark")[1], "title"); title != "Token or identifier" {
		t.Errorf("mark %q", title)
	}
	if site, _ = h.store.Site(t.Context(), 1); !slices.Equal(site.Privacy.Scrub, []string{"KD-.*"}) {
		t.Errorf("rules that were only tried are stored: %q", site.Privacy.Scrub)
	}
}

func TestTryScrubbingRefuses(t *testing.T) {
	h := openHouse(t)
	for _, row := range []struct {
		name   string
		form   url.Values
		status int
	}{
		{"a rule that cannot be", url.Values{"texts": {"a"}, "rules": {"(\n" + "x*"}}, http.StatusUnprocessableEntity},
		{"too many lines", url.Values{"texts": {strings.Repeat("a\n", 201)}}, http.StatusUnprocessableEntity},
		{"too much", url.Values{"texts": {strings.Repeat("a", maxTriedBytes)}}, http.StatusRequestEntityTooLarge},
	} {
		p := parse(t, h.submit(t, "/sites/1/scrubbing", row.form, row.status))
		if len(p.all("[role=alert] p")) == 0 || len(p.all(".tried")) > 0 {
			t.Errorf("%s: faults %q", row.name, p.texts("[role=alert] p"))
		}
	}
	h.submit(t, "/sites/1/scrubbing", url.Values{"texts": {strings.Repeat("a\n", 200)}, "sample": {"no such"}}, http.StatusOK)
}

// TestNoCollector: where the dashboard runs alone, the page says so.
func TestNoCollector(t *testing.T) {
	h := openHouse(t)
	h.handler = New(Deps{Report: report.New(h.store), Settings: h.store, Auth: auth.New(h.store, nil), TrackingURL: "https://stats.example/"})
	for lang, want := range map[string]string{"en": "runs without one", "fr": "fonctionne sans lui"} {
		p := parse(t, h.get(t, "/sites/1/scrubbing", lang))
		if !strings.Contains(text(p.one(".sheet .notice")), want) || len(p.all(".sheet form")) > 0 {
			t.Errorf("%s: %q", lang, p.texts(".sheet .notice"))
		}
	}
	h.submit(t, "/sites/1/scrubbing", url.Values{"texts": {"a"}}, http.StatusNotFound)
}
