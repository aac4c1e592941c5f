package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// visitsOf asks the store for a label's visits over all days of the fixture.
func (h *house) visitsOf(t *testing.T, dim foule.Dimension, label string) int64 {
	t.Helper()
	day := foule.DayOf(fixedNow, paris)
	res, err := h.store.Table(t.Context(), storage.TableQuery{Site: 1, From: day - 30, To: day, Dim: dim, Label: &label})
	if err != nil {
		t.Fatal(err)
	}
	return res.Sum[foule.Visits]
}

// A label is shown before it is erased, and goes once that is confirmed; the trail
// says who did it and not what the label was.
func TestEraseLabelForm(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 3, 1000)
	form := url.Values{"kind": {"label"}, "text": {hostile}}
	p := parse(t, h.submit(t, "/sites/1/erase", form, http.StatusOK))
	if got := p.texts(".list tbody th"); len(got) < 3 || got[0] != hostile {
		t.Errorf("found %q", got)
	}
	if h.visitsOf(t, foule.DimPage, hostile) == 0 {
		t.Error("looking for it erased it")
	}
	form.Set("confirmed", "1")
	w := h.submit(t, "/sites/1/erase", form, http.StatusSeeOther)
	if to := w.Header().Get("Location"); to != "/sites/1/erase?done=erased" {
		t.Errorf("sent to %q", to)
	}
	if n := h.visitsOf(t, foule.DimPage, hostile); n != 0 {
		t.Errorf("%d visits are left", n)
	}
	w = h.get(t, "/sites/1/erase?done=erased", "fr")
	p = parse(t, w)
	if strings.Contains(w.Body.String(), "alert(1)") {
		t.Error("the page shows the label")
	}
	cells := p.texts(".list tbody td")
	if len(cells) != 4 || cells[1] != testEmail || text(p.one("[role=status]")) != "Effacé." {
		t.Errorf("trail %q, notices %q", cells, p.texts("[role=status]"))
	}
	if w := h.get(t, "/sites/2/erase", "en"); len(parse(t, w).all(".list")) != 0 {
		t.Error("another site shows the trail")
	}
	if trail, err := h.store.Erasures(t.Context()); err != nil || len(trail) != 1 || trail[0].User != 1 {
		t.Errorf("trail %+v, %v", trail, err)
	}
}

// Where no label contains the text there is nothing to confirm; a whole label may
// still come.
func TestEraseNothing(t *testing.T) {
	h := openHouse(t)
	form := url.Values{"kind": {"label"}, "text": {"nowhere"}}
	if p := parse(t, h.submit(t, "/sites/1/erase", form, http.StatusOK)); len(p.all("button.danger")) != 1 {
		t.Error("a label that is still to come cannot be erased")
	}
	form.Set("contains", "1")
	if p := parse(t, h.submit(t, "/sites/1/erase", form, http.StatusOK)); len(p.all("button.danger")) != 0 {
		t.Error("nothing was found, and it can be erased")
	}
}

func TestEraseRangeForm(t *testing.T) {
	h := openHouse(t)
	h.fill(t, 4, 1000)
	form := url.Values{"kind": {"range"}, "from": {"2026-03-22"}, "to": {"2026-03-23"}}
	p := parse(t, h.submit(t, "/sites/1/erase", form, http.StatusOK))
	if name, _ := attr(p.one("input[name=from]"), "value"); name != "2026-03-22" {
		t.Errorf("from %q", name)
	}
	form.Set("confirmed", "1")
	h.submit(t, "/sites/1/erase", form, http.StatusSeeOther)
	parts, err := h.store.Parts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if b, err := h.store.Part(t.Context(), p); err != nil || len(b.Days) > 0 && (p.Day.String() == "2026-03-22" || p.Day.String() == "2026-03-23") {
			t.Errorf("%s is left: %v", p.Day, err)
		}
	}
}

// A site goes once its name was typed.
func TestEraseSiteForm(t *testing.T) {
	h := openHouse(t)
	form := url.Values{"kind": {"site"}, "name": {"Musée"}, "confirmed": {"1"}}
	p := parse(t, h.submit(t, "/sites/2/erase", form, http.StatusUnprocessableEntity))
	equal(t, p.texts("[role=alert] p"), []string{"This is not the site’s name."})
	form = url.Values{"kind": {"site"}}
	p = parse(t, h.submit(t, "/sites/2/erase", form, http.StatusOK))
	if kind, _ := attr(p.one("input[name=kind]"), "value"); kind != "site" {
		t.Errorf("to be confirmed: %q", kind)
	}
	form.Set("confirmed", "1")
	form.Set("name", "Boutique")
	h.submit(t, "/sites/2/erase", form, http.StatusSeeOther)
	if _, err := h.store.Site(t.Context(), 2); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the site: %v", err)
	}
}

func TestEraseNonsense(t *testing.T) {
	h := openHouse(t)
	for _, form := range []url.Values{
		{}, {"kind": {"label"}}, {"kind": {"label"}, "text": {foule.Other}}, {"kind": {"label"}, "text": {strings.Repeat("x", 600)}},
		{"kind": {"range"}}, {"kind": {"range"}, "from": {"2026-03-02"}, "to": {"2026-03-01"}}, {"kind": {"range"}, "from": {"2026-03-02"}, "to": {"2027-03-01"}},
		{"kind": {"site"}}, {"kind": {"everything"}},
	} {
		form.Set("confirmed", "1")
		if p := parse(t, h.submit(t, "/sites/1/erase", form, http.StatusUnprocessableEntity)); len(p.all("[role=alert] p")) != 1 {
			t.Errorf("%v: %q", form, p.texts("[role=alert]"))
		}
	}
	if w := h.get(t, "/sites/99/erase", "en"); w.Code != http.StatusNotFound {
		t.Errorf("no site: status %d", w.Code)
	}
}
