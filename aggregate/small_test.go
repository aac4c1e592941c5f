package aggregate

import (
	"foule.eu/foule"
	"foule.eu/foule/storage"
	"pgregory.net/rapid"
)

// checkSmallNumbers holds that no named row is about few: fewer than k visitors,
// or fewer than k hits where nobody knows whose they are. Of those, the store says
// no more than that something was counted; under countries, devices and pages they
// are counted again here.
func (tb *tables) checkSmallNumbers(t *rapid.T, s Settings, events []foule.Event) {
	for r, m := range tb.days {
		k := s.K
		if r.By != foule.DimTotal {
			k = s.KFiltered
			plain := storage.DayRow{Site: r.Site, Day: r.Day, Dim: r.By, Label: r.ByLabel}
			if r.ByLabel != foule.Other && !enoughOf(events, plain, tb.days[plain], k) {
				t.Fatalf("%+v stands under a label of %v", r, tb.days[plain])
			}
		}
		if r.Dim.Info().Scope != foule.ScopeNone && r.Label != foule.Other && !enoughOf(events, r, m, k) {
			t.Fatalf("%+v is about %v", r, m)
		}
	}
	for r, m := range tb.hours {
		var then []foule.Event
		for _, e := range events {
			if e.Time/3600 == r.Hour {
				then = append(then, e)
			}
		}
		row := storage.DayRow{Dim: r.Dim, Label: r.Label}
		if r.Dim != foule.DimTotal && r.Label != foule.Other && !enoughOf(then, row, m, s.KFiltered) {
			t.Fatalf("%+v is about %v", r, m)
		}
	}
}

// enoughOf says whether a row is about k visitors or as many hits of nobody.
func enoughOf(events []foule.Event, r storage.DayRow, m foule.Metrics, k int) bool {
	return m[foule.Visitors] >= int64(k) || nobodysHits(events, r, &m) >= k
}

// nobodysHits is how many of the hits without visitor share a row's labels. Under
// (other) can stand any label for which there was no room.
func nobodysHits(events []foule.Event, r storage.DayRow, m *foule.Metrics) (n int) {
	label, by := nobodysLabel(r.Dim), nobodysLabel(r.By)
	if label == nil || by == nil {
		return magnitude(m)
	}
	for i := range events {
		e := &events[i]
		if e.Visitor == 0 && e.Kind != foule.KindPing && label(e) == r.Label && (by(e) == r.ByLabel || r.ByLabel == foule.Other) {
			n++
		}
	}
	return n
}

// nobodysLabel gives what a hit without visitor has under the total, a dimension
// of visits, or pages; nil for others.
func nobodysLabel(dim foule.Dimension) func(*foule.Event) string {
	if dim.IsVisitValue() {
		return func(e *foule.Event) string {
			if len(e.Values) > 0 && e.Values[0].Dim == dim {
				return e.Values[0].Text
			}
			return ""
		}
	}
	if label := nobodysLabels[dim]; label != nil || dim.Info().Scope != foule.ScopeVisit {
		return label
	}
	return func(*foule.Event) string { return "" }
}

var nobodysLabels = map[foule.Dimension]func(*foule.Event) string{
	foule.DimTotal:          func(*foule.Event) string { return "" },
	foule.DimCountry:        func(e *foule.Event) string { return e.Place.Country },
	foule.DimLanguage:       func(e *foule.Event) string { return e.Language },
	foule.DimDeviceType:     func(e *foule.Event) string { return e.Device.Type },
	foule.DimBrowser:        func(e *foule.Event) string { return e.Device.Browser },
	foule.DimBrowserVersion: func(e *foule.Event) string { return e.Device.Browser + " " + e.Device.BrowserVersion },
	foule.DimServerHour:     func(e *foule.Event) string { return hourLabel(e.ServerHour) },
	foule.DimLocalHour:      func(e *foule.Event) string { return hourLabel(e.LocalHour) },
	foule.DimConsent:        func(e *foule.Event) string { return e.Consent.Label() },
	foule.DimChannel:        ofEntry(func(e *foule.Event) string { return string(e.Channel) }),
	foule.DimSource:         ofEntry(func(e *foule.Event) string { return e.Source }),
	foule.DimCampaign:       ofEntry(func(e *foule.Event) string { return e.Campaign.Name }),
	foule.DimEntryPage:      ofEntry(func(e *foule.Event) string { return ofView(e, e.Page, "") }),
	foule.DimEntryTitle:     ofEntry(func(e *foule.Event) string { return ofView(e, e.Title, "") }),
	foule.DimPage:           func(e *foule.Event) string { return ofView(e, e.Page, "no page view") },
}

func ofEntry(label func(*foule.Event) string) func(*foule.Event) string {
	return func(e *foule.Event) string {
		if !e.Entry {
			return ""
		}
		return label(e)
	}
}

func ofView(e *foule.Event, label, or string) string {
	if e.Kind != foule.KindPageView {
		return or
	}
	return label
}

func magnitude(m *foule.Metrics) (n int) {
	for _, v := range m {
		n += int(max(v, -v))
	}
	return n
}
