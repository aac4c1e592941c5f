package dashboard

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// erasePage is where an administrator erases a label, days or the whole site, and
// the trail of what was erased. What was typed comes back in the answer to a
// form: it stands in no address.
type erasePage struct {
	Path, Name, Today     string
	Text, From, To        string
	Contains, Open        bool // Open: the range has days that are not over
	Dims                  []option
	Faults                []string
	Confirm               string // the kind that is to be confirmed; "" on the page itself
	Found                 []foundLine
	FoundCount, FoundMore string
	Empty                 bool // no label contains the text: there is nothing to erase
	Trail                 []trailLine
}

type foundLine struct{ Dim, Label, Rows, Days string }

type trailLine struct{ When, Who, What, Rows, State string }

// maxFound is how many labels a preview lists.
const maxFound = 100

func (s *server) showErase(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	return s.renderErase(w, r, http.StatusOK, &site, s.newErasePage(r, &site))
}

func (s *server) newErasePage(r *http.Request, site *foule.Site) *erasePage {
	l := localeOf(r)
	page := &erasePage{
		Path: sitePath(site.ID) + "/erase", Name: site.Name, Today: s.todayAt(site).String(),
		Text: r.PostFormValue("text"), From: r.PostFormValue("from"), To: r.PostFormValue("to"), Contains: r.PostFormValue("contains") != "",
	}
	page.Dims = []option{{Value: "", Text: l.T("erase.everywhere")}}
	seen := map[foule.Dimension]bool{foule.DimTotal: true}
	for _, rep := range report.All() {
		if seen[rep.Dim] {
			continue
		}
		seen[rep.Dim] = true
		name := rep.Dim.String()
		page.Dims = append(page.Dims, option{Value: name, Text: l.T("dim." + name), Selected: name == r.PostFormValue("dimension")})
	}
	return page
}

func (s *server) renderErase(w http.ResponseWriter, r *http.Request, status int, site *foule.Site, page *erasePage) error {
	if err := s.trail(r, site, page); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "erase", localeOf(r).T("erase"), site, page)
}

// trail fills in what was erased of the site.
func (s *server) trail(r *http.Request, site *foule.Site, page *erasePage) error {
	l := localeOf(r)
	all, err := s.Erase.Erasures(r.Context())
	if err != nil {
		return err
	}
	users, err := s.Settings.Users(r.Context())
	if err != nil {
		return err
	}
	who := map[int64]string{0: l.T("erase.command")}
	for _, u := range users {
		who[u.ID] = u.Email
	}
	for i := range all {
		e := &all[i]
		if e.Site != site.ID {
			continue
		}
		line := trailLine{
			When: l.Day(foule.DayOf(time.Unix(e.Begun, 0), time.UTC)), Who: who[e.User], What: l.erased(e), Rows: l.Int(e.Rows), State: l.T("erase.done"),
		}
		if line.Who == "" {
			line.Who = "#" + strconv.FormatInt(e.User, 10)
		}
		switch {
		case e.Done == 0:
			line.State = l.T("erase.underway")
		case e.Due(s.Now()):
			line.State = l.T("erase.stands", "day", l.Day(foule.DayOf(time.Unix(e.Until, 0), time.UTC)))
		}
		page.Trail = append(page.Trail, line)
	}
	return nil
}

// erased says what an erasure took; nobody has its text.
func (l *locale) erased(e *storage.Erasure) string {
	switch e.Kind {
	case storage.ErasedRange:
		return l.T("erase.days", "from", l.Day(e.From), "to", l.Day(e.To))
	case storage.ErasedLabel:
		dim := l.T("erase.everywhere")
		if name, ok := l.has("dim." + e.Dim.String()); ok {
			dim = name
		}
		return l.N("erase.labels", e.Labels, "dim", dim)
	}
	return l.T("erase.site")
}

// sendErase takes a form: it shows what would be erased, and erases what was
// confirmed.
func (s *server) sendErase(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	l, page := localeOf(r), s.newErasePage(r, &site)
	order, fault := s.eraseOrder(r, &site)
	if fault == "" && order.Kind == storage.ErasedLabel {
		found, err := s.Erase.FindLabels(r.Context(), site.ID, order.Match)
		if fault = faultOf(err); fault == "" && err != nil {
			return err
		}
		page.show(l, found)
		page.Empty = len(found) == 0 && order.Match.Contains
	}
	if fault != "" {
		page.Faults = []string{l.T(fault)}
		if order.Kind == storage.ErasedSite {
			page.Confirm = string(order.Kind)
		}
		return s.renderErase(w, r, http.StatusUnprocessableEntity, &site, page)
	}
	if r.PostFormValue("confirmed") == "" {
		page.Confirm, page.Open = string(order.Kind), order.Kind == storage.ErasedRange && order.To >= s.todayAt(&site)-3
		return s.renderErase(w, r, http.StatusOK, &site, page)
	}
	return s.carryOut(w, r, &site, page, order)
}

// eraseOrder reads a form, and gives the key of what is wrong with it.
func (s *server) eraseOrder(r *http.Request, site *foule.Site) (o storage.EraseOrder, fault string) {
	user, _ := s.Auth.User(r.Context())
	o = storage.EraseOrder{Kind: storage.ErasureKind(r.PostFormValue("kind")), Site: site.ID, User: user.ID, At: s.Now()}
	switch o.Kind {
	case storage.ErasedLabel:
		o.Match = storage.LabelMatch{Text: r.PostFormValue("text"), Contains: r.PostFormValue("contains") != ""}
		if dim, known := foule.ParseDimension(r.PostFormValue("dimension")); known {
			o.Match.Dim = dim
		}
		if o.Match.Check() != nil {
			return o, "fault.label"
		}
	case storage.ErasedRange:
		var err1, err2 error
		o.From, err1 = foule.ParseDay(r.PostFormValue("from"))
		o.To, err2 = foule.ParseDay(r.PostFormValue("to"))
		if err1 != nil || err2 != nil || o.To < o.From || o.To > s.todayAt(site) {
			return o, "fault.range"
		}
	case storage.ErasedSite:
		if r.PostFormValue("confirmed") != "" && strings.TrimSpace(r.PostFormValue("name")) != strings.TrimSpace(site.Name) {
			return o, "fault.sitename"
		}
	default:
		return o, "fault.label"
	}
	return o, ""
}

// faultOf gives the key of what is wrong with an order; "" if it is the store.
func faultOf(err error) string {
	if errors.Is(err, storage.ErrEraseOrder) {
		return "fault.manylabels"
	}
	return ""
}

// show lists what a label's erasure would take.
func (p *erasePage) show(l *locale, found []storage.FoundLabel) {
	p.FoundCount = l.N("erase.found", int64(len(found)))
	if more := len(found) - maxFound; more > 0 {
		p.FoundMore = l.N("erase.more", int64(more))
	}
	slices.SortStableFunc(found, func(a, b storage.FoundLabel) int { return int(b.Rows - a.Rows) })
	for _, f := range found[:min(len(found), maxFound)] {
		name, ok := l.has("dim." + f.Dim.String())
		if !ok {
			name = f.Dim.String()
		}
		p.Found = append(p.Found, foundLine{name, f.Label, l.Int(f.Rows), l.Int(f.Days)})
	}
}

// An erasure goes on whatever becomes of the page, which waits for a moment.
const (
	eraseTime     = 30 * time.Minute
	erasePatience = 15 * time.Second
)

func (s *server) carryOut(w http.ResponseWriter, r *http.Request, site *foule.Site, page *erasePage, o storage.EraseOrder) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), eraseTime)
	done := make(chan error, 1)
	go func() {
		defer cancel()
		_, err := s.Erase.Erase(ctx, o)
		if err != nil {
			s.Log.Error("an erasure failed; if it was begun it is gone on with", "site", o.Site, "kind", o.Kind, "error", err)
		}
		done <- err
	}()
	notice := "erased"
	select {
	case err := <-done:
		if fault := faultOf(err); fault != "" {
			page.Faults = []string{localeOf(r).T(fault)}
			return s.renderErase(w, r, http.StatusUnprocessableEntity, site, page)
		}
		if err != nil {
			return err
		}
	case <-time.After(erasePatience):
		notice = "erasing"
	}
	to := page.Path
	if o.Kind == storage.ErasedSite {
		to = "/"
	}
	http.Redirect(w, r, withDone(to, notice), http.StatusSeeOther)
	return nil
}
