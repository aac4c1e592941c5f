package dashboard

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

const tableRows = 50

// tablePage is one report in full.
type tablePage struct {
	Toolbar  toolbar
	Title    string
	Siblings []link // the other reports of the same panel
	Back     string
	Head     heading
	Columns  []heading
	Share    string // what the percentage is
	Rows     []row
	Other    *row
	Totals   []cell
	Search   string
	Hidden   []field
	Path     string
	Clear    string // address without the search
	Earlier  string // address of the page of rows before
	Later    string
	Shown    string // "51–100 of 1,234"
	CSV      string // address of the whole table in the JSON API's other form
	TooFew   bool
	// Unfiltered is set when a filter is in force that the report does not know.
	Unfiltered bool
	Consented  bool   // of visits with consent alone
	Nothing    string // what is said when there is no row
	Ordered    bool
	Whole      bool // rows are parts of a whole: shares and totals make sense
}

// heading is a column's head; its link sorts.
type heading struct {
	Text, Href string
	Sort       string // "ascending", "descending" or ""
}

// rawColumns are the counters behind the ratios: programs want them, people do not.
var rawColumns = map[string]bool{
	"bounces": true, "seconds": true, "converted_visits": true, "entry_bounces": true, "event_value_count": true,
}

func (s *server) table(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r)
	if err != nil {
		return err
	}
	name := chi.URLParam(r, "report")
	rep, ok := report.Find(name, &v.Site)
	if !ok || rep.Dim == foule.DimTotal || rep.Under != foule.DimTotal {
		return storage.ErrNotFound
	}
	l := localeOf(r)
	if report.CollectionOf(&v.Site, rep.Dim) == report.Dropped {
		return storage.ErrNotFound
	}
	q, unfiltered := v.question(name)
	page := tablePage{Unfiltered: unfiltered, Title: l.reportTitle(&v.Site, name), Share: l.share(rep), Path: v.path, Back: v.to(v.sitePath(""))}
	number := v.readTable(r, &q)
	a, err := s.Report.Ask(r.Context(), q)
	if err != nil {
		return err
	}
	page.Toolbar = v.toolbar(l)
	page.Siblings = siblings(l, v, name)
	page.Search, page.Hidden, page.Clear = q.Search, v.hidden("search", "page"), v.with("search", "", "page", "")
	page.CSV = csvAddress(v, name, &q)
	page.TooFew, page.Ordered, page.Consented, page.Nothing = a.TooFew, rep.Ordered != nil, a.ConsentOnly, l.nothing(v)
	page.fill(l, v, rep, a)
	page.turn(l, v, number, a)
	return s.render(w, r, "table", page.Title, &v.Site, page)
}

// reportTitle names a report standing alone; a tab may be shorter, as its panel says the rest.
func (l *locale) reportTitle(site *foule.Site, name string) string {
	if s, ok := l.has("title." + name); ok {
		return s
	}
	return l.tab(site, name)
}

// csvAddress gives the whole table, as it is filtered, searched and sorted, to a spreadsheet.
func csvAddress(v *view, name string, q *report.Question) string {
	form := url.Values{
		"format": {"csv"}, "from": {v.Range.From.String()}, "to": {v.Range.To.String()}, "limit": {strconv.Itoa(report.MaxLimit)},
	}
	if q.Filter != nil {
		form.Set("filter", q.Filter.Dim.String()+":"+q.Filter.Label)
	}
	if q.Search != "" {
		form.Set("search", q.Search)
	}
	if sort := v.query.Get("sort"); sort != "" {
		form.Set("sort", sort)
	}
	return address("/api/v1"+v.sitePath("/reports/"+name), form, nil)
}

// readTable reads search, sort and page from the address.
func (v *view) readTable(r *http.Request, q *report.Question) (number int) {
	get := r.URL.Query()
	if q.Search = strings.TrimSpace(get.Get("search")); q.Search != "" {
		v.query.Set("search", q.Search)
	}
	sort, desc := strings.CutPrefix(get.Get("sort"), "-")
	sorted := *q
	sorted.Sort, sorted.Asc = sort, !desc
	if _, err := report.Check(sorted); err == nil && sort != "" {
		*q = sorted
		v.query.Set("sort", get.Get("sort"))
	}
	q.Limit = tableRows
	number, err := strconv.Atoi(get.Get("page"))
	if err != nil || number < 2 || number > report.MaxLimit {
		return 1
	}
	v.query.Set("page", strconv.Itoa(number))
	q.Offset = (number - 1) * tableRows
	return number
}

func siblings(l *locale, v *view, shown string) []link {
	for _, p := range panelsOf(&v.Site) {
		for _, name := range p.Reports {
			if name != shown {
				continue
			}
			var out []link
			for _, other := range p.Reports {
				out = append(out, link{Href: v.to(v.sitePath("/reports/" + other)), Text: l.tab(&v.Site, other), Current: other == shown})
			}
			return out
		}
	}
	return nil
}

func (p *tablePage) fill(l *locale, v *view, rep *report.Report, a *report.Answer) {
	col := mainColumn(rep)
	var columns []report.Column
	for _, c := range a.Columns {
		if !rawColumns[c.Name] && (c.Unit != report.UnitMoney || a.Totals[foule.Revenue] != 0) {
			columns = append(columns, c)
		}
	}
	p.head(l, v, rep, columns, &a.Question)
	s := newShares(col, a)
	cells := func(m *foule.Metrics) []cell {
		var out []cell
		for _, c := range columns {
			out = append(out, cell{Text: l.figure(v, rep, c, m), Zero: c.Of(m) == 0})
		}
		return out
	}
	for i := range a.Rows {
		r := l.row(v, rep, col, s, a.Rows[i].Label, &a.Rows[i].Metrics)
		r.Cells = cells(&a.Rows[i].Metrics)
		p.Rows = append(p.Rows, r)
	}
	if !a.Other.IsZero() {
		other := l.row(v, rep, col, s, foule.Other, &a.Other)
		other.Cells = cells(&a.Other)
		p.Other = &other
	}
	p.Totals = cells(&a.Totals)
	p.Whole = rep.Dim != foule.DimBasket && rep.Dim != foule.DimTiming
}

func (p *tablePage) head(l *locale, v *view, rep *report.Report, columns []report.Column, q *report.Question) {
	sorted := cmp.Or(q.Sort, rep.DefaultSort)
	make := func(name, text string, first string) heading {
		h := heading{Text: text}
		next := first + name
		if sorted == name {
			h.Sort = "descending"
			next = name
			if q.Asc {
				h.Sort, next = "ascending", "-"+name
			}
		}
		h.Href = v.with("sort", next, "page", "")
		return h
	}
	p.Head = make("label", l.T("dim."+rep.Dim.String()), "")
	for _, c := range columns {
		p.Columns = append(p.Columns, make(c.Name, l.column(rep, c), "-"))
	}
}

// turn makes the links that turn the page.
func (p *tablePage) turn(l *locale, v *view, number int, a *report.Answer) {
	first := (number-1)*tableRows + 1
	last := first + len(a.Rows) - 1
	if len(a.Rows) == 0 {
		return
	}
	p.Shown = l.T("table.shown", "first", l.Int(int64(first)), "last", l.Int(int64(last)), "all", l.Int(int64(a.RowCount)))
	if number > 1 {
		p.Earlier = v.with("page", strconv.Itoa(number-1))
	}
	if last < a.RowCount {
		p.Later = v.with("page", strconv.Itoa(number+1))
	}
}
