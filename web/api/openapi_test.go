package api_test

import (
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/web/api"
	"foule.eu/foule/web/auth"
)

func readDocument(t *testing.T, h *house) *document {
	t.Helper()
	w := h.send(t, "GET", "/openapi.json") // without a token
	var d document
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return &d
}

func TestEveryRouteIsDocumented(t *testing.T) {
	h := open(t)
	d := readDocument(t, h)
	documented := map[string]bool{}
	for path, operations := range d.Paths {
		for method := range operations {
			documented[strings.ToUpper(method)+" "+path] = true
		}
	}
	served := map[string]bool{}
	handler := api.New(api.Deps{Auth: auth.New(h.store, nil)})
	err := chi.Walk(handler.(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		served[method+" "+route] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(documented, served); diff != "" {
		t.Errorf("-documented +served\n%s", diff)
	}
}

// TestEveryParameterIsDocumented sends each documented parameter to each path
// and expects it to be known exactly where it is documented; one that is
// served in secret would be missed, so the parameters are compared too.
func TestEveryParameterIsDocumented(t *testing.T) {
	h := open(t)
	d := readDocument(t, h)
	all := map[string]bool{"nonsense": true}
	for _, name := range api.QuestionParams {
		all[name] = true
	}
	for _, operations := range d.Paths {
		for _, p := range operations["get"].Parameters {
			all[p.Name] = true
		}
	}
	for path, operations := range d.Paths {
		known := map[string]bool{}
		for _, p := range operations["get"].Parameters {
			known[p.Name] = p.In == "query"
			if p.Required != (p.In == "path") {
				t.Errorf("%s: parameter %s of the %s is required: %v", path, p.Name, p.In, p.Required)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			w := h.get(t, fill(path)+"?"+name+"=")
			refused := strings.Contains(w.Body.String(), "unknown parameter")
			if refused == known[name] {
				t.Errorf("%s: parameter %s is documented: %v, refused: %v", path, name, known[name], refused)
			}
		}
	}
}

func fill(path string) string {
	return strings.NewReplacer("{id}", "1", "{report}", "countries").Replace(path)
}

func TestCatalogueIsDocumented(t *testing.T) {
	d := readDocument(t, open(t))
	var names, filters []any
	columns := map[string]bool{}
	for _, r := range report.All() {
		names = append(names, r.Name)
		for _, c := range r.Columns {
			columns[c.Name] = true
		}
	}
	for dim := range foule.Dimension(foule.NumDimensions) {
		if dim.Info().Filter {
			filters = append(filters, dim.String())
		}
	}
	schemas := d.Components.Schemas
	properties := func(name string) map[string]any {
		return schemas[name].(map[string]any)["properties"].(map[string]any)
	}
	table, catalogue := properties("Table"), properties("Catalogue")
	enum := func(schema any) any { return schema.(map[string]any)["enum"] }
	if diff := cmp.Diff(any(names), enum(table["report"])); diff != "" {
		t.Errorf("reports of a table: -served +documented\n%s", diff)
	}
	if diff := cmp.Diff(any(filters), enum(catalogue["filters"].(map[string]any)["items"])); diff != "" {
		t.Errorf("filters: -served +documented\n%s", diff)
	}
	documented := map[string]bool{}
	for name := range properties("Metrics") {
		documented[name] = true
	}
	if diff := cmp.Diff(columns, documented); diff != "" {
		t.Errorf("columns: -served +documented\n%s", diff)
	}
	for _, p := range d.Paths["/sites/{id}/reports/{report}"]["get"].Parameters {
		if p.Name == "report" {
			if diff := cmp.Diff(any(names), enum(p.Schema["anyOf"].([]any)[0])); diff != "" {
				t.Errorf("reports: -served +documented\n%s", diff)
			}
		}
	}
}

// TestAnswersFitTheDocument asks for everything and holds what comes back
// against the schema documented for its path, status and content type.
func TestAnswersFitTheDocument(t *testing.T) {
	h := open(t)
	d := readDocument(t, h)
	const reportPath = "/sites/{id}/reports/{report}"
	ask := func(path, target string, status int, header ...string) {
		t.Helper()
		d.hold(t, path, target, status, h.get(t, target, header...))
	}
	ask("/openapi.json", "/openapi.json", 200)
	ask("/reports", "/reports", 200)
	ask("/sites", "/sites", 200)
	ask("/sites/{id}", "/sites/1", 200)
	ask("/sites/{id}", "/sites/2", 200) // without data
	ask("/sites/{id}", "/sites/9", 404)
	ask("/sites/{id}", "/sites/1?a=b", 400)
	ask("/sites/{id}", "/sites/1", 401, "Authorization", "Bearer x")
	ask("/sites/{id}", "/sites/2", 403, "Authorization", "Bearer "+h.one)
	ask("/sites/{id}/live", "/sites/1/live", 200)
	ask("/sites/{id}/live", "/sites/2/live", 200)
	for _, r := range report.All() {
		target := "/sites/1/reports/" + r.Name + "?"
		if r.Under != foule.DimTotal {
			ask(reportPath, target, 400)
			target += "filter=" + r.Under.String() + ":x&"
		} else {
			filtered := 200
			if r.Dim != foule.DimTotal && !r.Dim.Info().TwoWay {
				filtered = 400
			}
			ask(reportPath, target+"filter=country:FR", filtered)
		}
		ask(reportPath, target, 200)
		ask(reportPath, target+"format=csv", 200)
		ask(reportPath, target+"grain=month&from=2026-02-01", 200)
		ask(reportPath, target+"from=2026-03-09&to=2026-03-10&grain=day&limit=2&sort=-"+r.Columns[0].Name, 200)
	}
	ask(reportPath, "/sites/1/reports/dimension-3", 200)
	ask(reportPath, "/sites/1/reports/dimension-4", 404)
	ask(reportPath, "/sites/1/reports/countries?filter=goal:x", 200)
	ask("/sites/{id}/speed", "/sites/1/speed", 200)
	ask("/sites/{id}/speed", "/sites/2/speed", 200)
	ask("/sites/{id}/speed", "/sites/1/speed?from=x", 400)
	ask("/sites/{id}/flow", "/sites/1/flow?page=%3Dcmd()", 200)
	ask("/sites/{id}/flow", "/sites/1/flow", 200)
	ask("/sites/{id}/flow", "/sites/1/flow?path=x", 400)
	ask("/sites/{id}/funnels/{funnel}", "/sites/1/funnels/1", 200)
	ask("/sites/{id}/funnels/{funnel}", "/sites/1/funnels/1?filter=country:FR", 200)
	ask("/sites/{id}/funnels/{funnel}", "/sites/1/funnels/1?filter=page:x", 400)
	ask("/sites/{id}/funnels/{funnel}", "/sites/1/funnels/2", 404)
	ask("/sites/{id}/funnels/{funnel}", "/sites/1/funnels/x", 404)
	ask(reportPath, "/sites/1/reports/totals?grain=hour", 200)
	ask(reportPath, "/sites/2/reports/pages", 200)
	ask(reportPath, "/sites/1/reports/nonsense", 404)
}

// hold checks one answer.
func (d *document) hold(t *testing.T, path, target string, status int, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code != status {
		t.Errorf("%s: status %d, want %d: %s", target, w.Code, status, w.Body)
		return
	}
	documented, ok := d.Paths[path]["get"].Responses[strconv.Itoa(status)]
	if !ok {
		t.Errorf("%s: status %d is not documented", target, status)
		return
	}
	kind, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type"))
	content, ok := d.resolve(documented).Content[kind]
	if !ok {
		t.Errorf("%s: content type %q is not documented", target, kind)
		return
	}
	if kind != "application/json" {
		return
	}
	v, err := decode(w.Body.Bytes())
	if err != nil {
		t.Errorf("%s: %v", target, err)
	}
	for _, fault := range d.check("answer", content.Schema, v) {
		t.Errorf("%s: %s", target, fault)
	}
}
