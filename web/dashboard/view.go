package dashboard

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// view is what the address of a page of figures says, checked: which site,
// which days, compared or not, filtered by what. Links are made by changing
// single parameters of it, so that every state of a page has an address.
type view struct {
	Site    foule.Site
	Now     time.Time // in the site's zone
	Today   foule.Day
	Period  string
	Range   span
	Before  span // the span compared with
	Compare bool
	Filter  *storage.Filter
	Rounded *report.Disclosure // how figures are rounded; nil if they are not
	path    string
	query   url.Values // the parameters that differ from the default
}

// carried are the parameters that go along from one page of figures to another.
var carried = []string{"period", "from", "to", "compare", "filter"}

// site finds the site that the path names.
func (s *server) site(r *http.Request) (foule.Site, error) {
	id, err := strconv.ParseUint(chi.URLParam(r, "id"), 10, 32)
	if err != nil {
		return foule.Site{}, storage.ErrNotFound
	}
	return s.Settings.Site(r.Context(), foule.SiteID(id))
}

// zoneOf is a site's zone where a day off matters little: UTC if it is not known.
func zoneOf(site *foule.Site) *time.Location {
	loc, err := time.LoadLocation(site.Timezone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// todayAt is the day at a site.
func (s *server) todayAt(site *foule.Site) foule.Day { return foule.DayOf(s.Now(), zoneOf(site)) }

// view reads the address. What it does not understand it leaves out, so that a
// mistyped address still shows a page.
func (s *server) view(r *http.Request) (*view, error) {
	site, err := s.site(r)
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocation(site.Timezone)
	if err != nil {
		return nil, fmt.Errorf("dashboard: zone of site %d: %w", site.ID, err)
	}
	now := s.Now().In(loc)
	v := &view{Site: site, Now: now, Today: foule.DayOf(now, loc), Rounded: report.DisclosureOf(&site), path: r.URL.Path, query: url.Values{}}
	q := r.URL.Query()
	v.readSpan(q)
	v.Before.From, v.Before.To = report.Previous(v.Range.From, v.Range.To)
	v.Compare = q.Get("compare") != "0"
	if !v.Compare {
		v.query.Set("compare", "0")
	}
	v.readFilter(q.Get("filter"))
	return v, nil
}

func (v *view) readSpan(q url.Values) {
	from, errFrom := foule.ParseDay(q.Get("from"))
	to, errTo := foule.ParseDay(q.Get("to"))
	if errFrom == nil && errTo == nil {
		if to < from {
			from, to = to, from
		}
		to = min(to, v.Today)
		from = max(min(from, to), to-report.MaxDays+1)
		v.Period, v.Range = periodCustom, span{from, to}
		v.query.Set("from", from.String())
		v.query.Set("to", to.String())
		return
	}
	if sp, ok := presetSpan(q.Get("period"), v.Today); ok {
		v.Period, v.Range = q.Get("period"), sp
		if v.Period != periodDefault {
			v.query.Set("period", v.Period)
		}
		return
	}
	v.Period = periodDefault
	v.Range, _ = presetSpan(periodDefault, v.Today)
}

func (v *view) readFilter(s string) {
	name, lab, ok := strings.Cut(s, ":")
	dim, known := foule.ParseDimension(name)
	if !ok || !known || !dim.Info().Filter || lab == "" || lab == foule.Other || report.CollectionOf(&v.Site, dim) == report.Dropped {
		return
	}
	v.Filter = &storage.Filter{Dim: dim, Label: lab}
	v.query.Set("filter", s)
}

// choice reads a parameter that must be one of the choices, the first being
// the default, and keeps it for links.
func (v *view) choice(r *http.Request, name string, choices []string) string {
	if len(choices) == 0 {
		return ""
	}
	got := r.URL.Query().Get(name)
	if !slices.Contains(choices, got) || got == choices[0] {
		return choices[0]
	}
	v.query.Set(name, got)
	return got
}

// with gives the address of this page with some parameters changed; an empty
// value drops the parameter.
func (v *view) with(pairs ...string) string { return address(v.path, v.query, pairs) }

// to gives the address of another page of figures, with the parameters that go along.
func (v *view) to(path string, pairs ...string) string {
	q := url.Values{}
	for _, name := range carried {
		if v.query.Has(name) {
			q.Set(name, v.query.Get(name))
		}
	}
	return address(path, q, pairs)
}

func address(path string, q url.Values, pairs []string) string {
	out := url.Values{}
	for name, values := range q {
		out[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			out.Del(pairs[i])
			continue
		}
		out.Set(pairs[i], pairs[i+1])
	}
	if len(out) == 0 {
		return path
	}
	return path + "?" + out.Encode()
}

// hidden lists this page's parameters but for some, as a GET form has to repeat them.
func (v *view) hidden(without ...string) []field {
	var out []field
	for name, values := range v.query {
		if !slices.Contains(without, name) {
			out = append(out, field{name, values[0]})
		}
	}
	slices.SortFunc(out, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	return out
}

type field struct{ Name, Value string }

// question asks a report by its name over the view's span, under the view's
// filter unless the report cannot be filtered by it.
func (v *view) question(name string) (q report.Question, unfiltered bool) {
	q = report.Question{
		Site: v.Site, From: v.Range.From, To: v.Range.To,
		Grain: report.GrainTotal, Report: name, Filter: v.Filter,
	}
	if _, err := report.Check(q); err != nil && v.Filter != nil {
		q.Filter, unfiltered = nil, true
	}
	return q, unfiltered
}

// hides says that a figure is none to show: where figures are rounded, nothing
// is what was too small.
func (v *view) hides(x float64) bool { return v.Rounded != nil && x == 0 }

// count writes a count, if it is one to show.
func (v *view) count(l *locale, n int64) string {
	if v.hides(float64(n)) {
		return noFigure
	}
	return l.Int(n)
}

func (v *view) sitePath(rest string) string { return sitePath(v.Site.ID) + rest }

func sitePath(id foule.SiteID) string { return "/sites/" + strconv.FormatUint(uint64(id), 10) }
