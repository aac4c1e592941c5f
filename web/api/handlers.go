package api

import (
	_ "embed"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

//go:embed openapi.json
var openAPIDocument []byte

func (s *server) openAPI(w http.ResponseWriter, r *http.Request) error {
	send(w, r, "application/json; charset=utf-8", openAPIDocument)
	return nil
}

type catalogueAnswer struct {
	Reports []reportInfo `json:"reports"`
	Filters []string     `json:"filters"`
}

type reportInfo struct {
	Name        string       `json:"name"`
	Dimension   string       `json:"dimension"`
	Group       string       `json:"group"`
	Columns     []columnInfo `json:"columns"`
	DefaultSort string       `json:"default_sort"`
	Filterable  bool         `json:"filterable"`
	Under       string       `json:"under,omitempty"` // the dimension that a question has to filter by
}

func (s *server) catalogue(w http.ResponseWriter, r *http.Request) error {
	var a catalogueAnswer
	for _, rep := range report.All() {
		info := rep.Dim.Info()
		sort := "-" + rep.DefaultSort
		if rep.Ordered != nil {
			sort = rep.DefaultSort
		}
		a.Reports = append(a.Reports, reportInfo{
			Name: rep.Name, Dimension: info.Name, Group: rep.Group, Columns: columnInfos(rep.Columns),
			DefaultSort: sort, Filterable: rep.Under == foule.DimTotal && info.TwoWay || rep.Dim == foule.DimTotal, Under: rep.Under.String(),
		})
	}
	for d := range foule.Dimension(foule.NumDimensions) {
		if d.Info().Filter {
			a.Filters = append(a.Filters, d.String())
		}
	}
	return sendJSON(w, r, a)
}

type sitesAnswer struct {
	Sites []siteInfo `json:"sites"`
}

type siteInfo struct {
	ID       foule.SiteID `json:"id"`
	Name     string       `json:"name"`
	Hosts    []string     `json:"hosts"`
	Timezone string       `json:"timezone"`
	Currency string       `json:"currency"`
	Created  time.Time    `json:"created"`
	Goals    []goalInfo   `json:"goals"`

	Dimensions []dimensionInfo `json:"dimensions"`
	Funnels    []goalInfo      `json:"funnels"`
}

// dimensionInfo is a custom dimension; its report is dimension-ID.
type dimensionInfo struct {
	ID     uint32 `json:"id"`
	Name   string `json:"name"`
	Scope  string `json:"scope"` // visit or action
	Active bool   `json:"active"`
}

type goalInfo struct {
	ID   uint32 `json:"id"`
	Name string `json:"name"`
}

func infoOf(site foule.Site) siteInfo {
	info := siteInfo{
		ID: site.ID, Name: site.Name, Hosts: append([]string{}, site.Hosts...),
		Timezone: site.Timezone, Currency: site.Currency,
		Created: time.Unix(site.Created, 0).UTC(), Goals: []goalInfo{}, Dimensions: []dimensionInfo{}, Funnels: []goalInfo{},
	}
	if info.Timezone == "" {
		info.Timezone = "UTC"
	}
	if info.Currency == "" {
		info.Currency = "EUR"
	}
	for _, g := range site.Goals {
		info.Goals = append(info.Goals, goalInfo{g.ID, g.Name})
	}
	for _, d := range site.Dimensions {
		info.Dimensions = append(info.Dimensions, dimensionInfo{d.ID, d.Name, d.Scope.String(), !d.Off})
	}
	for _, f := range site.Funnels {
		info.Funnels = append(info.Funnels, goalInfo{f.ID, f.Name})
	}
	return info
}

func (s *server) sites(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Sites.Sites(r.Context())
	if err != nil {
		return err
	}
	a := sitesAnswer{Sites: []siteInfo{}}
	caller := auth.CallerOf(r.Context())
	for _, site := range all {
		if caller.MaySee(site.ID) {
			a.Sites = append(a.Sites, infoOf(site))
		}
	}
	return sendJSON(w, r, a)
}

// siteOf finds the site of the path, if the caller may see it. Whether a site
// that he may not see exists is none of his business.
func (s *server) siteOf(r *http.Request) (foule.Site, error) {
	n, err := strconv.ParseUint(chi.URLParam(r, "id"), 10, 32)
	if err != nil {
		return foule.Site{}, storage.ErrNotFound
	}
	id := foule.SiteID(n)
	if !auth.CallerOf(r.Context()).MaySee(id) {
		return foule.Site{}, auth.ErrForbidden
	}
	return s.Sites.Site(r.Context(), id)
}

type siteAnswer struct {
	siteInfo
	Data *dataRange `json:"data"` // null before the first hit
}

type dataRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (s *server) site(w http.ResponseWriter, r *http.Request) error {
	site, err := s.siteOf(r)
	if err != nil {
		return err
	}
	a := siteAnswer{siteInfo: infoOf(site)}
	first, last, ok, err := s.Reports.DataRange(r.Context(), site.ID)
	if err != nil {
		return err
	}
	if ok {
		a.Data = &dataRange{From: first.String(), To: last.String()}
	}
	return sendJSON(w, r, a)
}

type liveAnswer struct {
	Site       foule.SiteID `json:"site"`
	Visitors5  int64        `json:"visitors_5"`
	Visitors30 int64        `json:"visitors_30"`
	Minutes    []liveMinute `json:"minutes"` // none where figures are rounded
	Disclosure *disclosure  `json:"disclosure"`
}

type liveMinute struct {
	Start    time.Time `json:"start"`
	Visitors int64     `json:"visitors"`
}

func (s *server) live(w http.ResponseWriter, r *http.Request) error {
	site, err := s.siteOf(r)
	if err != nil {
		return err
	}
	live, err := s.Reports.Live(r.Context(), site, s.Now())
	if err != nil {
		return err
	}
	a := liveAnswer{Site: site.ID, Visitors5: live.Visitors5, Visitors30: live.Visitors30, Minutes: []liveMinute{}, Disclosure: disclosureOf(live.Disclosure)}
	for _, m := range live.Minutes {
		a.Minutes = append(a.Minutes, liveMinute(m))
	}
	return sendJSON(w, r, a)
}

func (s *server) report(w http.ResponseWriter, r *http.Request) error {
	site, err := s.siteOf(r)
	if err != nil {
		return err
	}
	asCSV, err := wantsCSV(r)
	if err != nil {
		return err
	}
	q, err := parseQuestion(site, chi.URLParam(r, "report"), r.URL.Query(), s.Now())
	if err != nil {
		return err
	}
	a, err := s.Reports.Ask(r.Context(), q)
	if err != nil {
		return err
	}
	if asCSV {
		return sendCSV(w, r, a)
	}
	return sendJSON(w, r, newTable(a))
}

// wantsCSV reads the format: the parameter decides, then the Accept header.
func wantsCSV(r *http.Request) (bool, error) {
	switch r.URL.Query().Get("format") {
	case "csv":
		return true, nil
	case "json":
		return false, nil
	case "":
		accept := r.Header.Get("Accept")
		return strings.Contains(accept, "text/csv") && !strings.Contains(accept, "application/json"), nil
	}
	return false, &report.BadQuestion{Field: "format", Reason: "want json or csv"}
}
