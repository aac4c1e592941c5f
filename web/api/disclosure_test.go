package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/report"
)

// under puts the first site under other promises.
func (h *house) under(t testing.TB, p foule.Privacy) *foule.Site {
	t.Helper()
	site, err := h.store.Site(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	site.Privacy = p
	if err := h.store.UpdateSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	return &site
}

// TestAnswersUnderPolicies holds what comes back under each policy against the
// document, refusals included.
func TestAnswersUnderPolicies(t *testing.T) {
	h := open(t)
	d := readDocument(t, h)
	for _, p := range []foule.Privacy{
		{Rounded: true}, {Preset: foule.PresetCNIL}, {Preset: foule.PresetCNIL, Consent: true}, {Preset: foule.PresetNoVisitorKey}, {Preset: foule.PresetNoVisitorKey, Consent: true, Rounded: true},
	} {
		site := h.under(t, p)
		for _, r := range report.All() {
			if r.Under != foule.DimTotal {
				continue
			}
			status := http.StatusOK
			if report.CollectionOf(site, r.Dim) == report.Dropped {
				status = http.StatusForbidden
			}
			target := "/sites/1/reports/" + r.Name
			d.hold(t, "/sites/{id}/reports/{report}", target, status, h.get(t, target))
			d.hold(t, "/sites/{id}/reports/{report}", target+"?format=csv", status, h.get(t, target+"?format=csv"))
		}
		for path, dim := range map[string]foule.Dimension{"/speed": foule.DimTiming, "/funnels/1": foule.DimFunnelStep, "/live": foule.DimTotal} {
			status := http.StatusOK
			if report.CollectionOf(site, dim) == report.Dropped {
				status = http.StatusForbidden
			}
			documented := "/sites/{id}" + path
			if path == "/funnels/1" {
				documented = "/sites/{id}/funnels/{funnel}"
			}
			d.hold(t, documented, "/sites/1"+path, status, h.get(t, "/sites/1"+path))
		}
	}
}

// TestDisclosureIsSaid: a rounded answer says so, and a refusal says why.
func TestDisclosureIsSaid(t *testing.T) {
	h := open(t)
	site := h.under(t, foule.Privacy{Preset: foule.PresetCNIL})
	for _, path := range []string{"/live", "/flow", "/funnels/1", "/speed", "/reports/pages", "/reports/totals?grain=day"} {
		var a struct {
			Disclosure *struct {
				RoundedTo    int `json:"rounded_to"`
				SmallestCell int `json:"smallest_cell"`
			}
		}
		if err := json.Unmarshal(h.get(t, "/sites/1"+path).Body.Bytes(), &a); err != nil || a.Disclosure == nil || a.Disclosure.RoundedTo != 10 || a.Disclosure.SmallestCell != 10 {
			t.Errorf("%s: %+v, %v", path, a.Disclosure, err)
		}
	}
	var refusal struct {
		Error struct{ Code, Message, Field, Rule string }
	}
	if err := json.Unmarshal(h.get(t, "/sites/1/reports/channels").Body.Bytes(), &refusal); err != nil {
		t.Fatal(err)
	}
	pin, _ := privacy.Of(site).Preset.Pin(foule.FeatureChannels)
	if e := refusal.Error; e.Code != "not_collected" || e.Field != "report" || e.Rule != pin.Rule || e.Message != "this site does not collect it: "+pin.Reason.EN {
		t.Errorf("%+v", e)
	}
}
