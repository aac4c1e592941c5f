package api_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

func TestTableAnswer(t *testing.T) {
	w := open(t).get(t, "/sites/1/reports/cities?from=2026-03-09&to=2026-03-10")
	const metrics = `"visitors":6,"visits":6,"hits":14,"actions":16,"bounce_rate":0.3333,"avg_visit_seconds":33.3333,` +
		`"actions_per_visit":2.6667,"conversion_rate":0.3333,"conversions":4,"revenue":246.9,"bounces":2,"seconds":200,"converted_visits":2`
	body := w.Body.String()
	head, rest, _ := strings.Cut(body, `"columns":`)
	if want := `{"report":"cities","site":1,"from":"2026-03-09","to":"2026-03-10","grain":"total","currency":"EUR",`; head != want {
		t.Errorf("head %s\nwant %s", head, want)
	}
	columns, rest, _ := strings.Cut(rest, `,"rows":`)
	if want := `[{"name":"visitors","type":"integer","unit":"count"},`; !strings.HasPrefix(columns, want) {
		t.Errorf("columns %s\nwant %s…", columns, want)
	}
	want := `[{"label":"a:b, \"c\" \u003cé\u003e",` + metrics + `}],"totals":{` + metrics + `},"other":{` + metrics + `},"row_count":1,"too_few":false,"consent_only":false,"disclosure":null}` + "\n"
	if diff := cmp.Diff(want, rest); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// rows asks for a report and gives its rows as "bucket label visits".
func rows(t *testing.T, h *house, target string) []string {
	t.Helper()
	w := h.get(t, target)
	var a struct {
		Rows []struct {
			Bucket, Label string
			Visits        json.Number
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d, %v: %s", target, w.Code, err, w.Body)
	}
	lines := []string{}
	for _, r := range a.Rows {
		lines = append(lines, strings.TrimSpace(r.Bucket+" "+r.Label+" "+r.Visits.String()))
	}
	return lines
}

func TestQuestions(t *testing.T) {
	h := open(t)
	for _, row := range []struct {
		target string
		want   []string
	}{
		{"/sites/1/reports/totals", []string{"6"}}, // thirty days by the site's calendar
		{"/sites/1/reports/totals?to=2026-03-09", []string{"3"}},
		{"/sites/1/reports/totals?from=2026-03-10", []string{"3"}},
		{"/sites/1/reports/totals?from=2026-03-13&grain=day", []string{"2026-03-13  0"}}, // today, in Paris
		{"/sites/1/reports/totals?from=2026-03-08&to=2026-03-09&grain=day", []string{"2026-03-08  0", "2026-03-09  3"}},
		{"/sites/1/reports/countries?from=2026-03-08&to=2026-03-09&grain=week&label=FR", []string{"2026-03-02 FR 0", "2026-03-09 FR 3"}},
		{"/sites/1/reports/pages?search=CMD", []string{"=cmd() 6"}},
		{"/sites/1/reports/pages?search=other", []string{}},
		{"/sites/1/reports/pages?offset=1", []string{}},
		{"/sites/1/reports/pages?filter=country:FR", []string{"=cmd() 6"}},
		{"/sites/1/reports/sources?filter=source:a:b,%20%22c%22%20%3C%C3%A9%3E", []string{`a:b, "c" <é> 6`}}, // split at the first colon
		{"/sites/1/reports/campaigns?label=", []string{}},
		{"/sites/1/reports/pages?sort=exit_rate", []string{"=cmd() 6"}},
		{"/sites/1/reports/pages?sort=-label&limit=1", []string{"=cmd() 6"}},
	} {
		if diff := cmp.Diff(row.want, rows(t, h, row.target)); diff != "" {
			t.Errorf("%s: -want +got\n%s", row.target, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	h := open(t)
	good := "Bearer " + h.all
	for _, row := range []struct {
		method, target, authorization string
		status                        int
		code, field                   string
	}{
		{"GET", "/sites", "", 401, "unauthorized", ""},
		{"GET", "/sites", "Bearer nonsense", 401, "unauthorized", ""},
		{"GET", "/sites/2", "Bearer " + h.one, 403, "forbidden", ""},
		{"GET", "/sites/9", "Bearer " + h.one, 403, "forbidden", ""},
		{"GET", "/sites/9", good, 404, "not_found", ""},
		{"GET", "/sites/x", good, 404, "not_found", ""},
		{"GET", "/nonsense", good, 404, "not_found", ""},
		{"POST", "/sites", good, 405, "method_not_allowed", ""},
		{"DELETE", "/sites/1", good, 405, "method_not_allowed", ""},
		{"GET", "/sites/1/reports/nonsense", good, 404, "not_found", "report"},
		{"GET", "/sites/1/reports/pages?form=2026-01-01", good, 400, "bad_request", "form"},
		{"GET", "/sites/1/reports/pages?limit=1&limit=2", good, 400, "bad_request", "limit"},
		{"GET", "/sites/1/reports/pages?a=%zz", good, 400, "bad_request", "query"},
		{"GET", "/sites/1/reports/pages?from=yesterday", good, 400, "bad_request", "from"},
		{"GET", "/sites/1/reports/pages?to=2026-13-01", good, 400, "bad_request", "to"},
		{"GET", "/sites/1/reports/pages?from=2026-02-02&to=2026-02-01", good, 400, "bad_request", "to"},
		{"GET", "/sites/1/reports/pages?from=1999-01-01", good, 400, "bad_request", "from"},
		{"GET", "/sites/1/reports/pages?grain=year", good, 400, "bad_request", "grain"},
		{"GET", "/sites/1/reports/pages?filter=FR", good, 400, "bad_request", "filter"},
		{"GET", "/sites/1/reports/pages?filter=city:FR/Paris", good, 400, "bad_request", "filter"},
		{"GET", "/sites/1/reports/pages?filter=nonsense:FR", good, 400, "bad_request", "filter"},
		{"GET", "/sites/1/reports/pages?sort=nonsense", good, 400, "bad_request", "sort"},
		{"GET", "/sites/1/reports/pages?limit=0", good, 400, "bad_request", "limit"},
		{"GET", "/sites/1/reports/pages?limit=10001", good, 400, "bad_request", "limit"},
		{"GET", "/sites/1/reports/pages?offset=-1", good, 400, "bad_request", "offset"},
		{"GET", "/sites/1/reports/pages?format=xml", good, 400, "bad_request", "format"},
	} {
		w := h.send(t, row.method, row.target, "Authorization", row.authorization)
		var got struct {
			Error struct{ Code, Message, Field string }
		}
		err := json.Unmarshal(w.Body.Bytes(), &got)
		e := got.Error
		if err != nil || w.Code != row.status || e.Code != row.code || e.Field != row.field || e.Message == "" {
			t.Errorf("%s %s: %d %s (%v)", row.method, row.target, w.Code, w.Body, err)
		}
		if (w.Code == 401) != (w.Header().Get("WWW-Authenticate") != "") || (w.Code == 405) != (w.Header().Get("Allow") != "") {
			t.Errorf("%s %s: %d with headers %v", row.method, row.target, w.Code, w.Header())
		}
	}
}

func TestSitesOfAToken(t *testing.T) {
	h := open(t)
	for token, want := range map[string]string{h.all: "Museum Shop", h.one: "Museum"} {
		w := h.send(t, "GET", "/sites", "Authorization", "Bearer "+token)
		var a struct{ Sites []struct{ Name string } }
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range a.Sites {
			names = append(names, s.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("sees %s, want %s", got, want)
		}
	}
}

func TestDashboardSessionIsAccepted(t *testing.T) {
	h := open(t)
	const password = "a long enough password"
	user := storage.User{Email: "ada@example.org", PasswordHash: auth.HashPassword(password), Role: storage.RoleRead}
	if _, err := h.store.AddUser(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	login := httptest.NewRecorder()
	if _, err := auth.New(h.store, nil).LogIn(login, httptest.NewRequest("POST", "/login", nil), user.Email, password); err != nil {
		t.Fatal(err)
	}
	cookie, _, _ := strings.Cut(login.Header().Get("Set-Cookie"), ";")
	if w := h.send(t, "GET", "/sites/1/live", "Cookie", cookie); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestCaching(t *testing.T) {
	h := open(t)
	w := h.get(t, "/sites/1")
	etag := w.Header().Get("ETag")
	if w.Header().Get("Cache-Control") != "private, no-cache" || etag == "" {
		t.Fatalf("headers %v", w.Header())
	}
	if vary := strings.Join(w.Header().Values("Vary"), ", "); vary != "Authorization, Cookie, Accept" {
		t.Errorf("Vary: %s", vary)
	}
	for _, known := range []string{etag, "W/" + etag, `"x", ` + etag} {
		if w := h.get(t, "/sites/1", "If-None-Match", known); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("If-None-Match %s: %d %s", known, w.Code, w.Body)
		}
	}
	if w := h.get(t, "/sites/2", "If-None-Match", etag); w.Code != http.StatusOK {
		t.Errorf("another site: %d", w.Code)
	}
	if w := h.send(t, "HEAD", "/sites/1", "Authorization", "Bearer "+h.all); w.Code != http.StatusOK || w.Header().Get("ETag") != etag {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
}

func TestTooManyRequests(t *testing.T) {
	h := open(t)
	const perMinute = 5
	h.serve(perMinute)
	for range perMinute {
		if w := h.get(t, "/reports"); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	w := h.get(t, "/reports")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `"too_many_requests"`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := h.send(t, "GET", "/reports", "Authorization", "Bearer "+h.one); w.Code != http.StatusOK {
		t.Errorf("another caller: %d", w.Code)
	}
}

// FuzzQuery sends any query string at a report: it is answered or refused, and
// never a fault of the server.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{
		"", "from=2026-03-09&to=2026-03-10&grain=day", "filter=country:FR&sort=-exit_rate&limit=1&offset=1",
		"label=&search=%00%ff&format=csv", "grain=hour&from=0001-01-01&to=0001-01-02", "to=9999-12-31&grain=month&sort=label", "a=%zz",
	} {
		f.Add(query)
	}
	h := open(f)
	h.serve(1 << 30)
	f.Fuzz(func(t *testing.T, query string) {
		for _, report := range []string{"totals", "pages", "countries", "durations"} {
			r := httptest.NewRequest("GET", "/api/v1/sites/1/reports/"+report, nil)
			r.URL.RawQuery = query
			r.Header.Set("Authorization", "Bearer "+h.all)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
				t.Errorf("%s?%s: %d %s", report, query, w.Code, w.Body)
			}
		}
	})
}

func TestCSV(t *testing.T) {
	h := open(t)
	for _, row := range []struct {
		target, accept string
		want           [][]string
	}{
		{"/sites/1/reports/pages?format=csv", "", [][]string{
			{"label", "hits", "visits", "visitors", "entries", "exits", "bounce_rate", "exit_rate", "avg_page_seconds", "entry_bounces", "seconds"},
			{"'=cmd()", "14", "6", "6", "4", "4", "0.5", "0.6667", "14.2857", "2", "200"}}},
		{"/sites/1/reports/goals?grain=month&from=2026-03-01", "text/csv", [][]string{
			{"label", "bucket", "conversions", "visits", "visitors", "revenue", "avg_revenue"},
			{`a:b, "c" <é>`, "2026-03", "4", "6", "6", "246.9", "61.725"}}},
	} {
		w := h.get(t, row.target, "Accept", row.accept)
		got, err := csv.NewReader(w.Body).ReadAll()
		if err != nil || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Errorf("%s: %v, %v", row.target, err, w.Header())
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", row.target, diff)
		}
	}
}
