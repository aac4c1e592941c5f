package dashboard

import (
	"cmp"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
	"foule.eu/foule/web/auth"
)

// The fixture is a believable audience of a French museum's site, the same
// every time, up to an afternoon in March.
var (
	paris, _ = time.LoadLocation("Europe/Paris")
	fixedNow = time.Date(2026, 3, 24, 15, 20, 0, 0, paris)
)

const (
	testEmail    = "admin@example.org"
	testPassword = "a long enough password"
	hostile      = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
)

// house is the dashboard over a real store.
type house struct {
	handler http.Handler
	store   *sqlite.Store
	cookie  *http.Cookie
}

var testSites = []foule.Site{
	{Name: "Musée des Confluences", Hosts: []string{"museum.example"}, Timezone: "Europe/Paris", Currency: "EUR", Goals: []foule.Goal{
		{Name: "Ticket bought", Match: foule.MatchURL, Pattern: "/tickets/thanks", PatternType: foule.PatternExact, RevenueMinor: 1200},
		{Name: "Newsletter", Match: foule.MatchEventAction, Pattern: "subscribe", PatternType: foule.PatternContains},
	}, Dimensions: []foule.CustomDimension{
		{ID: 3, Name: "Member", Scope: foule.ScopeVisit}, {ID: 4, Name: "Room " + hostile, Scope: foule.ScopeAction}, {ID: 5, Name: "Former", Scope: foule.ScopeVisit, Slot: 1, Off: true},
	}, Funnels: []foule.Funnel{
		{ID: 1, Name: "Tickets", Steps: []foule.FunnelStep{
			{Name: "Choice " + hostile, Match: foule.MatchURL, Pattern: "/tickets", PatternType: foule.PatternContains}, {Match: foule.MatchURL, Pattern: "/tickets/pay", PatternType: foule.PatternExact}, {Name: "Bought", Goal: 1},
		}},
		{ID: 2, Name: "Former way", Off: true, Steps: []foule.FunnelStep{{Goal: 1}, {Goal: 2}}},
	}},
	{Name: "Boutique", Hosts: []string{"shop.museum.example"}, Timezone: "Europe/Paris"},
}

// openHouse makes an empty house with two sites and an administrator who is logged in.
func openHouse(t testing.TB) *house {
	t.Helper()
	return openHouseWith(t, func(*Deps) {})
}

// openHouseWith makes one that stands on something else.
func openHouseWith(t testing.TB, change func(*Deps)) *house {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	for _, site := range testSites {
		if _, err := store.AddSite(t.Context(), site); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.AddUser(t.Context(), storage.User{Email: testEmail, PasswordHash: testHash(), Role: storage.RoleAdmin}); err != nil {
		t.Fatal(err)
	}
	who := auth.New(store, nil)
	reports := report.New(store)
	reports.Now = func() time.Time { return fixedNow }
	deps := Deps{
		Install: privacy.Install{
			Version: "0.1", IPv4Bits: 24, IPv6Bits: 48, K: 1, KFiltered: 3, RetentionMonths: 25, Places: privacy.PlacesFile, Parking: privacy.ParkingNone,
			Store: "sqlite", PublicURL: "https://stats.example", Tracking: "https://stats.example/", Hosting: "Hébergeur SAS, France",
		},
		Report: reports, Settings: store, Erase: store, Auth: who, TrackingURL: "https://stats.example/",
		Now: func() time.Time { return fixedNow }, Version: "0.1", Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Try: standIn,
	}
	change(&deps)
	h := &house{store: store, handler: New(deps)}
	h.cookie = h.logIn(t, testEmail)
	return h
}

var testHash = sync.OnceValue(func() string { return auth.HashPassword(testPassword) })

func (h *house) logIn(t testing.TB, email string) *http.Cookie {
	t.Helper()
	res := h.post(t, nil, "/login", url.Values{"email": {email}, "password": {testPassword}})
	for _, c := range res.Result().Cookies() {
		if c.Name == auth.CookieName {
			return c
		}
	}
	t.Fatalf("log-in: status %d, no cookie", res.Code)
	return nil
}

func (h *house) post(t testing.TB, cookie *http.Cookie, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

func (h *house) get(t testing.TB, path, lang string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Language", lang)
	r.AddCookie(h.cookie)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// crowd lists the labels of a dimension, the most frequent first.
var crowd = map[foule.Dimension][]string{
	foule.DimPage:            {"/", "/expositions", "/tickets", "/expositions/origines", "/infos-pratiques", "/agenda", "/expositions/la-couleur-des-reves-une-histoire-des-teintures-du-monde-entier", "/collections", "/tickets/thanks", "/enfants", "/boutique", hostile},
	foule.DimTitle:           {"Musée des Confluences – Accueil", "Expositions", "Billetterie", "Origines, les récits du monde", "Informations pratiques", "Agenda", "Collections", ""},
	foule.DimEntryPage:       {"/", "/expositions", "/infos-pratiques", "/tickets", "/agenda", "/collections"},
	foule.DimExitPage:        {"/", "/infos-pratiques", "/tickets/thanks", "/agenda", "/expositions"},
	foule.DimChannel:         {"search", "direct", "website", "social", "campaign", "ai", "email"},
	foule.DimSource:          {"Google", "", "Bing", "Facebook", "lyon.example", "DuckDuckGo", "Instagram", "ChatGPT", "Qwant", "newsletter"},
	foule.DimReferrerPage:    {"", "lyon.example/sorties/musees", "wiki.example/Musee_des_Confluences", "journal.example/culture/les-dix-expositions-a-voir-ce-printemps-avec-les-enfants"},
	foule.DimCampaign:        {"", "printemps-2026", "newsletter-mars", "nuit-des-musees"},
	foule.DimCampaignSource:  {"", "newsletter", "metro"},
	foule.DimCountry:         {"FR", "CH", "BE", "IT", "DE", "GB", "US", "ES", "", "CA", "JP"},
	foule.DimRegion:          {"FR-ARA", "FR-IDF", "CH-GE", "FR-PAC", "FR-BFC", "BE-BRU", ""},
	foule.DimCity:            {"FR/Lyon", "FR/Villeurbanne", "FR/Paris", "CH/Genève", "FR/Grenoble", "FR/Saint-Étienne", ""},
	foule.DimContinent:       {"EU", "NA", "AS", ""},
	foule.DimLanguage:        {"fr", "fr-fr", "en-us", "en-gb", "de", "it", "es"},
	foule.DimDeviceType:      {"smartphone", "desktop", "tablet", "tv"},
	foule.DimBrand:           {"Apple", "Samsung", "", "Xiaomi", "Google"},
	foule.DimBrowser:         {"Chrome", "Safari", "Firefox", "Edge", "Samsung Browser", "DuckDuckGo"},
	foule.DimBrowserVersion:  {"Chrome 134", "Mobile Safari 18", "Firefox 136", "Edge 134", "Safari 18"},
	foule.DimOS:              {"iOS", "Android", "Windows", "macOS", "GNU/Linux"},
	foule.DimOSVersion:       {"iOS 18", "Android 15", "Windows 11", "Windows 10", "macOS 15"},
	foule.DimResolution:      {"390x844", "1920x1080", "412x915", "1536x864", "360x800"},
	foule.DimDownload:        {"museum.example/docs/plan-d-acces.pdf", "museum.example/docs/dossier-de-presse.pdf"},
	foule.DimOutlink:         {"billetterie.example/", "maps.example/lyon"},
	foule.DimSearch:          {"dinosaures", "tarif réduit", "momies"},
	foule.DimEventCategory:   {"Vidéo", "Newsletter"},
	foule.DimEventAction:     {"play", "subscribe"},
	foule.DimEventName:       {"Visite guidée", "pied de page"},
	foule.DimGoal:            {"1", "2"},
	foule.DimCrawler:         {"Googlebot", "GPTBot", "ClaudeBot"},
	foule.DimProduct:         {"Catalogue Origines", hostile, "Carte postale", ""},
	foule.DimProductSKU:      {"CAT-1", "CP-3"},
	foule.DimCartProduct:     {"Carte postale", hostile},
	foule.DimBasket:          {foule.LabelOrder, foule.LabelCart, foule.LabelTax},
	foule.DimContentName:     {"Bannière", hostile},
	foule.DimContentPiece:    {"printemps.jpg"},
	foule.DimTiming:          {foule.TimingLoad, "server"},
	foule.DimLoadTime:        {"500ms", "1s", "3s", "30s+"},
	foule.DimTimingBucket:    {"load:500ms", "load:1s", "load:3s", "load:30s+", "server:200ms"},
	foule.DimFunnelStep:      {"1/1", "1/2", "1/3"},
	foule.DimPageAfterSearch: {"/expositions", hostile},
	foule.DimVisitValue:      {"yes", "no", hostile},
	foule.DimActionValue:     {"Dinosaurs", hostile},
	foule.DimConsent:         {"no", "yes"},
	foule.DimExcluded:        {"bot", "do_not_track", "global_privacy_control", "opt_out"},
}

// fill seeds so many days up to today, visits being the audience of a usual day.
func (h *house) fill(t testing.TB, days, visits int) {
	t.Helper()
	today := foule.DayOf(fixedNow, paris)
	for i := range days {
		day := today - foule.Day(i)
		b := &storage.Batch{Token: fmt.Sprintf("test/0/%d", i)}
		n := int64(float64(visits) * season(day))
		if day == today {
			n = n * 6 / 10
		}
		crossed := i < 10 || days > 62 // spares the tests time
		addDay(b, day, n, crossed)
		addHours(b, day, n, day == today, crossed)
		if day == today {
			for m := range 5 {
				b.Minutes = append(b.Minutes, storage.MinuteRow{Site: 1, Minute: fixedNow.Unix()/60 - int64(m), Metrics: audience(int64(3 + m))})
			}
		}
		if err := h.store.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
}

// season makes weekends busier and the weeks rise and fall.
func season(day foule.Day) float64 {
	x := 1 + 0.18*math.Sin(float64(day)/9) + 0.1*math.Sin(float64(day)*1.7)
	if wd := day.Weekday(); wd == time.Saturday || wd == time.Sunday {
		x *= 1.35
	}
	return x
}

func audience(visits int64) foule.Metrics {
	var m foule.Metrics
	m[foule.Visits], m[foule.Visitors] = visits, visits*9/10+1
	m[foule.Hits], m[foule.Actions] = visits*31/10, visits*34/10
	m[foule.Bounces], m[foule.Seconds] = visits*42/100, visits*137
	m[foule.Conversions], m[foule.ConvertedVisits], m[foule.Revenue] = visits*3/100, visits*3/100, visits*36
	return m
}

func addDay(b *storage.Batch, day foule.Day, visits int64, filtered bool) {
	row := func(dim foule.Dimension, label string, by foule.Dimension, byLabel string, n int64) {
		m := audience(n)
		switch dim {
		case foule.DimPage, foule.DimTitle:
			m[foule.Hits], m[foule.Entries], m[foule.EntryBounces], m[foule.Exits] = n*13/10, n*3/10, n*12/100, n*3/10
		case foule.DimTiming:
			m[foule.Value], m[foule.ValueCount] = n*730, n
		case foule.DimProduct, foule.DimProductSKU, foule.DimCartProduct, foule.DimBasket:
			m[foule.Quantity] = n / 20
		case foule.DimContentName, foule.DimContentPiece:
			m[foule.Interactions] = n / 10
		case foule.DimExcluded, foule.DimCrawler:
			m = foule.Metrics{}
			m[foule.Hits] = n / 5
		case foule.DimGoal:
			m = foule.Metrics{}
			m[foule.Conversions], m[foule.Visits], m[foule.Visitors] = n/30, n/30, n/30
		}
		b.Days = append(b.Days, storage.DayRow{Site: 1, Day: day, Dim: dim, Label: label, By: by, ByLabel: byLabel, Metrics: m})
	}
	row(foule.DimTotal, "", foule.DimTotal, "", visits)
	for dim := foule.Dimension(1); dim < foule.NumDimensions; dim++ {
		for label, n := range split(dim, visits) {
			row(dim, label, foule.DimTotal, "", n)
		}
		if !filtered {
			continue
		}
		for by, byLabel := range map[foule.Dimension]string{foule.DimPage: "/tickets", foule.DimTiming: foule.TimingLoad, foule.DimGoal: "1"} {
			if dim.HasRowsUnder(by) {
				like := dim
				if dim == foule.DimNextPage || dim == foule.DimPreviousPage {
					like = foule.DimPage
				}
				for label, n := range split(like, visits/20) {
					row(dim, label, by, byLabel, n)
				}
			}
		}
		if !dim.Info().TwoWay {
			continue
		}
		crossings := map[foule.Dimension][]string{foule.DimCountry: crowd[foule.DimCountry][:2], foule.DimDeviceType: crowd[foule.DimDeviceType][:2], foule.DimConsent: {"yes"}}
		for by, byLabels := range crossings {
			for _, byLabel := range byLabels {
				for label, n := range split(dim, split(by, visits)[byLabel]) {
					row(dim, label, by, byLabel, n)
				}
			}
		}
	}
}

// split shares n out among a dimension's labels: each gets half of what is
// left, roughly, and the last of a long list stand for the small ones.
func split(dim foule.Dimension, n int64) map[string]int64 {
	out := map[string]int64{}
	labels := crowd[dim]
	switch dim {
	case foule.DimServerHour, foule.DimLocalHour:
		for h := range 24 {
			out[fmt.Sprintf("%02d", h)] = int64(float64(n) * hourShare(h))
		}
		return out
	case foule.DimDuration:
		for _, d := range foule.DurationBuckets {
			labels = append(labels, d.Label)
		}
	case foule.DimDepth:
		for _, d := range foule.DepthBuckets[1:] {
			labels = append(labels, d.Label)
		}
	}
	left := n
	for i, label := range labels {
		share := left * 42 / 100
		if i == len(labels)-1 {
			share = left
		}
		out[label] = share
		left -= share
	}
	if len(labels) > 8 && dim != foule.DimDuration && dim != foule.DimDepth {
		out[foule.Other] = n / 40
	}
	return out
}

func hourShare(h int) float64 {
	return math.Exp(-math.Pow(float64(h)-14.5, 2)/40) / 11
}

func addHours(b *storage.Batch, day foule.Day, visits int64, unfinished, filtered bool) {
	start := day.Start(paris).Unix() / 3600
	for h := range 24 {
		if unfinished && h > fixedNow.Hour() {
			break
		}
		n := int64(float64(visits) * hourShare(h))
		if unfinished {
			n = n * 10 / 6
		}
		b.Hours = append(b.Hours, storage.HourRow{Site: 1, Hour: start + int64(h), Metrics: audience(n)})
		for dim := range foule.Dimension(foule.NumDimensions) {
			if filtered && dim.Info().Filter {
				for label, part := range split(dim, n) {
					b.Hours = append(b.Hours, storage.HourRow{Site: 1, Hour: start + int64(h), Dim: dim, Label: label, Metrics: audience(part)})
				}
			}
		}
	}
}

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

// TestServe shows the fixture in a browser: FOULE_SERVE=127.0.0.1:8123 go test -run TestServe ./web/dashboard
// FOULE_PRESET puts it under a preset, FOULE_VISITS makes it smaller.
func TestServe(t *testing.T) {
	addr := os.Getenv("FOULE_SERVE")
	if addr == "" {
		t.Skip("FOULE_SERVE is not set")
	}
	h := openHouse(t)
	visits, err := strconv.Atoi(cmp.Or(os.Getenv("FOULE_VISITS"), "10000"))
	if err != nil {
		t.Fatal(err)
	}
	h.fill(t, 400, visits)
	h.under(t, foule.Privacy{Preset: foule.Preset(os.Getenv("FOULE_PRESET")), Consent: os.Getenv("FOULE_CONSENT") != ""})
	t.Logf("serving on http://%s as %s, %q", addr, testEmail, testPassword)
	server := &http.Server{Addr: addr, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie(auth.CookieName); err != nil && r.URL.Path != "/login" {
			r.AddCookie(h.cookie)
		}
		h.handler.ServeHTTP(w, r)
	})}
	t.Fatal(server.ListenAndServe())
}
