package api

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// The answers about one page, one funnel, or the speed of all pages.

var (
	rangeParams  = []string{"from", "to"}
	flowParams   = []string{"from", "to", "page"}
	funnelParams = []string{"from", "to", "filter"}
)

// span is the range that an answer is about.
type span struct {
	Site foule.SiteID `json:"site"`
	From string       `json:"from"`
	To   string       `json:"to"`

	Disclosure *disclosure `json:"disclosure"`
}

func spanOf(site *foule.Site, from, to foule.Day) span {
	return span{site.ID, from.String(), to.String(), disclosureOf(report.DisclosureOf(site))}
}

// siteAndDays reads what all of these questions have.
func (s *server) siteAndDays(r *http.Request) (site foule.Site, from, to foule.Day, err error) {
	if site, err = s.siteOf(r); err != nil {
		return
	}
	from, to, err = parseDays(site, r.URL.Query(), s.Now())
	return
}

type speedAnswer struct {
	span
	Timings []timingInfo `json:"timings"`
}

type timingInfo struct {
	Timing  string       `json:"timing"`
	Timed   int64        `json:"timed"`
	Average number       `json:"avg_seconds"`
	P50     number       `json:"p50_seconds"`
	P75     number       `json:"p75_seconds"`
	P95     number       `json:"p95_seconds"`
	Buckets []bucketInfo `json:"buckets"`
}

type bucketInfo struct {
	Label string `json:"label"`
	Hits  int64  `json:"hits"`
}

// number is written as all numbers of the API are.
type number float64

// MarshalJSON writes at most four decimals.
func (n number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(n)), nil }

func (s *server) speed(w http.ResponseWriter, r *http.Request) error {
	site, from, to, err := s.siteAndDays(r)
	if err != nil {
		return err
	}
	list, err := s.Reports.Speed(r.Context(), site, from, to)
	if err != nil {
		return err
	}
	a := speedAnswer{span: spanOf(&site, from, to)}
	for _, t := range list {
		info := timingInfo{
			Timing: t.Timing, Timed: t.Timed, Average: number(t.Average), P50: number(t.P50), P75: number(t.P75), P95: number(t.P95),
		}
		for _, b := range t.Buckets {
			info.Buckets = append(info.Buckets, bucketInfo(b))
		}
		a.Timings = append(a.Timings, info)
	}
	return sendJSON(w, r, a)
}

type funnelAnswer struct {
	span
	Funnel uint32     `json:"funnel"`
	Name   string     `json:"name"`
	Steps  []stepInfo `json:"steps"`
	TooFew bool       `json:"too_few"`

	ConsentOnly bool `json:"consent_only"`
}

type stepInfo struct {
	Name       string `json:"name"`
	Visits     int64  `json:"visits"`
	Visitors   int64  `json:"visitors"`
	Dropped    int64  `json:"dropped"`
	OfFirst    number `json:"of_first"`
	OfPrevious number `json:"of_previous"`
}

func (s *server) funnel(w http.ResponseWriter, r *http.Request) error {
	site, from, to, err := s.siteAndDays(r)
	if err != nil {
		return err
	}
	id, err := strconv.ParseUint(chi.URLParam(r, "funnel"), 10, 32)
	if err != nil {
		return storage.ErrNotFound
	}
	filter, err := parseFilter(r.URL.Query().Get("filter"))
	if err != nil {
		return err
	}
	f, err := s.Reports.Funnel(r.Context(), site, uint32(id), from, to, filter)
	if err != nil {
		return err
	}
	a := funnelAnswer{span: spanOf(&site, from, to), Funnel: f.Funnel.ID, Name: f.Funnel.Name, TooFew: f.TooFew, ConsentOnly: f.ConsentOnly, Steps: []stepInfo{}}
	for _, st := range f.Steps {
		a.Steps = append(a.Steps, stepInfo{st.Name, st.Visits, st.Visitors, st.Dropped, number(st.OfFirst), number(st.OfPrevious)})
	}
	return sendJSON(w, r, a)
}

type flowAnswer struct {
	span
	Page             string    `json:"page"`
	Views            int64     `json:"views"`
	Loops            int64     `json:"loops"`
	Entries          int64     `json:"entries"`
	Exits            int64     `json:"exits"`
	PreviousPages    []flowRow `json:"previous_pages"`
	PreviousSearches []flowRow `json:"previous_searches"`
	Channels         []flowRow `json:"channels"`
	NextPages        []flowRow `json:"next_pages"`
	NextSearches     []flowRow `json:"next_searches"`
	NextDownloads    []flowRow `json:"next_downloads"`
	NextOutlinks     []flowRow `json:"next_outlinks"`
}

type flowRow struct {
	Label string `json:"label"`
	Hits  int64  `json:"hits"`
}

func flowRows(rows []report.FlowRow) []flowRow {
	list := make([]flowRow, len(rows))
	for i, r := range rows {
		list[i] = flowRow(r)
	}
	return list
}

func (s *server) flow(w http.ResponseWriter, r *http.Request) error {
	site, from, to, err := s.siteAndDays(r)
	if err != nil {
		return err
	}
	f, err := s.Reports.Flow(r.Context(), site, cmp.Or(r.URL.Query().Get("page"), "/"), from, to)
	if err != nil {
		return err
	}
	return sendJSON(w, r, flowAnswer{
		span: spanOf(&site, from, to), Page: f.Page, Views: f.Views, Loops: f.Loops, Entries: f.Entries, Exits: f.Exits,
		PreviousPages: flowRows(f.PreviousPages), PreviousSearches: flowRows(f.PreviousSearches), Channels: flowRows(f.Channels),
		NextPages: flowRows(f.NextPages), NextSearches: flowRows(f.NextSearches),
		NextDownloads: flowRows(f.NextDownloads), NextOutlinks: flowRows(f.NextOutlinks),
	})
}
