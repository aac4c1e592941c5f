package dashboard

import (
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/golden"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/tracker"
)

// TestGuides holds the code for each kind of site against testdata/guides. The
// hash of the script, which changes with it, stands there as HASH.
func TestGuides(t *testing.T) {
	h := openHouse(t)
	versions := strings.NewReplacer(tracker.Foule.Integrity(), "sha384-HASH", tracker.Foule.Versioned(), "foule.HASH.js")
	for _, g := range guides {
		t.Run(g.Name, func(t *testing.T) {
			code := func(query string) string {
				p := parse(t, h.get(t, "/sites/1/install?for="+g.Name+query, "en"))
				if got := text(p.one(".pills a[aria-current]")); got != g.Title {
					t.Errorf("chosen: %q", got)
				}
				return rawText(p.one("#guide pre code"))
			}
			got := versions.Replace(code("") + "\n\n" + code("&pin=1") + "\n")
			golden.Compare(t, filepath.Join("testdata", "guides", g.Name+".txt"), got)
		})
	}
	p := parse(t, h.get(t, "/sites/1/install?for=nonsense", "en"))
	if got := text(p.one(".pills a[aria-current]")); got != "HTML" {
		t.Errorf("chosen: %q", got)
	}
}

// TestEmbedKnowsTheSite: the script decides as the tracking side does.
func TestEmbedKnowsTheSite(t *testing.T) {
	h := openHouse(t)
	paq := func() string { return rawText(parse(t, h.get(t, "/sites/1/install", "en")).all("pre code")[7]) }
	for _, row := range []struct {
		form url.Values
		want string
	}{
		{url.Values{}, `data-site="1" data-dnt></script>`},
		{url.Values{"ignore_dnt": {"1"}}, `data-site="1"></script>`},
		{url.Values{"keep_fragment": {"1"}}, `data-site="1" data-dnt data-hash></script>`},
	} {
		row.form.Set("name", "Museum")
		row.form.Set("timezone", "Europe/Paris")
		h.submit(t, "/sites/1/settings", row.form, 303)
		for _, path := range []string{"/sites/1/install", "/sites/1/settings"} {
			if got := rawText(parse(t, h.get(t, path, "en")).all("pre code")[0]); !strings.HasSuffix(got, row.want) {
				t.Errorf("%s: %s, want it to end with %s", path, got, row.want)
			}
		}
		if got, want := strings.Contains(paq(), `_paq.push(["setDoNotTrack", true]);`), !row.form.Has("ignore_dnt"); got != want {
			t.Errorf("_paq asks about Do Not Track: %v, want %v", got, want)
		}
	}
}

func TestQuoting(t *testing.T) {
	const odd = `a'b"c\d</script>&`
	if got, want := scriptString(odd), `'a\'b"c\\d\u003c/script\u003e\u0026'`; got != want {
		t.Errorf("JavaScript: %s, want %s", got, want)
	}
	if got, want := phpString(odd), `'a\'b"c\\d</script>&'`; got != want {
		t.Errorf("PHP: %s, want %s", got, want)
	}
}

// put writes rows of one site's days, the first being today.
func (h *house) put(t *testing.T, token string, rows ...storage.DayRow) {
	t.Helper()
	today := foule.DayOf(fixedNow, paris)
	b := &storage.Batch{Token: token}
	for _, row := range rows {
		row.Site, row.Day = 1, today-row.Day
		b.Days = append(b.Days, row)
	}
	if err := h.store.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func hits(n int64) foule.Metrics {
	var m foule.Metrics
	m[foule.Hits] = n
	return m
}

func TestArrival(t *testing.T) {
	h := openHouse(t)
	look := func(lang string, header ...string) page {
		r := httptest.NewRequest("GET", "/sites/1/install", nil)
		r.Header.Set("Accept-Language", lang)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		r.AddCookie(h.cookie)
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		return parse(t, w)
	}
	status := func(p page, ok bool, want string) {
		t.Helper()
		if got := text(p.one("#arrival p[role=status]")); got != want {
			t.Errorf("status %q, want %q", got, want)
		}
		if got := len(p.all("#arrival.ok")) == 1; got != ok {
			t.Errorf("ok: %v", got)
		}
		if got := len(p.all("details[data-late]")) == 0; got != ok {
			t.Errorf("hints are left out: %v", got)
		}
	}
	status(look("en"), false, "Waiting for the first hit… Open a page of your site: it shows here within seconds.")
	equal(t, look("en", "Sec-GPC", "1", "DNT", "1").texts(".checks .strong"), []string{"Your own browser sends “Global Privacy Control”: your visits are not counted. Test with another browser."})
	equal(t, look("en", "DNT", "1").texts(".checks .strong"), []string{"Your own browser sends “Do Not Track”: your visits are not counted. Test with another browser."})

	// What is left out is no page view, and says why.
	h.put(t, "t/0/1",
		storage.DayRow{Dim: foule.DimExcluded, Label: "foreign_host", Metrics: hits(5)},
		storage.DayRow{Dim: foule.DimExcluded, Label: "bot", Metrics: hits(1200)})
	p := look("en")
	status(p, false, "Waiting for the first hit… Open a page of your site: it shows here within seconds.")
	equal(t, p.texts("#left dt"), []string{"1,200 Bots", "5 Another host"})
	if got := p.texts("#left dd")[1]; got != "The page’s host is not among the site’s host names: add it in the settings." {
		t.Errorf("advice %q", got)
	}
	if len(p.all("details[data-late][open]")) != 1 {
		t.Error("hits were left out, and the hints are folded")
	}

	h.put(t, "t/0/2", storage.DayRow{Day: 30, Dim: foule.DimTotal, Metrics: audience(10)})
	status(look("en"), false, "No page view in the last seven days. Is the script still there?")
	h.put(t, "t/0/3", storage.DayRow{Day: 3, Dim: foule.DimTotal, Metrics: hits(1)})
	status(look("en"), true, "Nothing yet today; 1 page view in the last seven days.")
	h.put(t, "t/0/4", storage.DayRow{Dim: foule.DimTotal, Metrics: hits(2)})
	status(look("fr"), true, "C’est en place : 2 pages vues aujourd’hui.")
	if got := len(look("en").all("#left dl")); got != 0 {
		t.Error("what was left out is shown although all is well")
	}
}

// TestInstallBare: a site that takes nothing that a script reads of the device
// is given the script that reads nothing of it.
func TestInstallBare(t *testing.T) {
	h := openHouse(t)
	code := func(query string) string {
		return rawText(parse(t, h.get(t, "/sites/1/install"+query, "en")).one("#guide pre code"))
	}
	if got := code(""); strings.Contains(got, "bare") {
		t.Errorf("without a preset: %s", got)
	}
	h.under(t, foule.Privacy{Preset: foule.PresetNoVisitorKey})
	for query, want := range map[string]string{"": tracker.Bare.File(), "?pin=1": tracker.Bare.Versioned(), "?for=next": tracker.Bare.File()} {
		if got := code(query); !strings.Contains(got, want) || strings.Contains(got, "/"+tracker.Foule.File()) {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
