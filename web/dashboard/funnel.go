package dashboard

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// funnelLine is a funnel in the overview: how many of those who begin get through.
type funnelLine struct {
	Name, Href  string
	Begun, Done string
	Share, Bar  string
	TooFew      bool
}

// funnelLines gives the site's funnels over the span of the page.
func (s *server) funnelLines(ctx context.Context, l *locale, v *view) ([]funnelLine, error) {
	var lines []funnelLine
	if report.CollectionOf(&v.Site, foule.DimFunnelStep) == report.Dropped {
		return nil, nil
	}
	for _, f := range v.Site.Funnels {
		if f.Off {
			continue
		}
		q, _ := v.question("funnel-steps")
		a, err := s.Report.Funnel(ctx, v.Site, f.ID, v.Range.From, v.Range.To, q.Filter)
		if err != nil {
			return nil, err
		}
		first, last := a.Steps[0], a.Steps[len(a.Steps)-1]
		lines = append(lines, funnelLine{
			Name: f.Name, Href: v.to(v.sitePath("/funnels/" + strconv.FormatUint(uint64(f.ID), 10))),
			Begun: v.count(l, first.Visits), Done: v.count(l, last.Visits), Share: v.shareOf(l, last.Visits, first.Visits), TooFew: a.TooFew, Bar: barOf(last.OfFirst),
		})
	}
	return lines, nil
}

func barOf(share float64) string {
	return strconv.FormatFloat(min(max(share, 0), 1)*barWidth, 'f', 1, 64)
}

// funnelPage is a funnel, step by step.
type funnelPage struct {
	Toolbar toolbar
	Back    string
	Steps   []funnelStepRow
	TooFew  bool
	// Filtered funnels miss the days on which too few visitors made a step.
	Filtered   bool
	Unfiltered bool
	Consented  bool // of visits with consent alone
}

type funnelStepRow struct {
	Number, Name, Rule    string
	Visits, Bar           string
	OfFirst               string
	Dropped, DroppedShare string
	Last                  bool
}

// funnelOf finds the funnel that the path names; "new" is an empty one.
func (s *server) funnelOf(r *http.Request) (foule.Site, foule.Funnel, error) {
	site, err := s.site(r)
	if err != nil {
		return site, foule.Funnel{}, err
	}
	name := chi.URLParam(r, "funnel")
	if name == "new" {
		return site, foule.Funnel{}, nil
	}
	if f, ok := funnelNamed(&site, name); ok {
		return site, f, nil
	}
	return site, foule.Funnel{}, storage.ErrNotFound
}

// funnelNamed finds a site's funnel by its number as text.
func funnelNamed(site *foule.Site, number string) (foule.Funnel, bool) {
	for _, f := range site.Funnels {
		if strconv.FormatUint(uint64(f.ID), 10) == number {
			return f, true
		}
	}
	return foule.Funnel{}, false
}

func (s *server) funnel(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r)
	if err != nil {
		return err
	}
	f, ok := funnelNamed(&v.Site, chi.URLParam(r, "funnel"))
	if !ok || report.CollectionOf(&v.Site, foule.DimFunnelStep) == report.Dropped {
		return storage.ErrNotFound
	}
	q, unfiltered := v.question("funnel-steps")
	a, err := s.Report.Funnel(r.Context(), v.Site, f.ID, v.Range.From, v.Range.To, q.Filter)
	if err != nil {
		return err
	}
	l := localeOf(r)
	page := funnelPage{Toolbar: v.toolbar(l), Back: v.to(v.sitePath("")), TooFew: a.TooFew, Filtered: q.Filter != nil, Unfiltered: unfiltered, Consented: a.ConsentOnly}
	for i, st := range a.Steps {
		def := &f.Steps[i]
		row := funnelStepRow{
			Number: strconv.Itoa(i + 1), Name: stepName(l, def, i+1), Rule: l.stepRule(&v.Site, def), Visits: v.count(l, st.Visits), Bar: barOf(st.OfFirst),
			OfFirst: v.shareOf(l, st.Visits, a.Steps[0].Visits), Last: i == len(a.Steps)-1,
		}
		if !row.Last {
			dropped := max(st.Dropped, 0) // steps that were changed may have counted less than those after them
			row.Dropped = l.N("funnel.dropped", dropped)
			if v.hides(float64(dropped)) {
				row.Dropped = ""
			}
			if st.Visits > 0 {
				row.DroppedShare = v.shareOf(l, dropped, st.Visits)
			}
		}
		page.Steps = append(page.Steps, row)
	}
	return s.render(w, r, "funnel", f.Name, &v.Site, page)
}

func stepName(l *locale, step *foule.FunnelStep, number int) string {
	if step.Name != "" {
		return step.Name
	}
	return l.T("funnel.step", "n", strconv.Itoa(number))
}

// stepRule says in a sentence what makes a step.
func (l *locale) stepRule(site *foule.Site, step *foule.FunnelStep) string {
	if step.Goal != 0 {
		return l.T("funnel.goal", "goal", l.goal(site, strconv.FormatUint(uint64(step.Goal), 10)))
	}
	return l.T("goal.rule", "match", l.T("match."+string(step.Match)), "how", l.T("pattern."+string(step.PatternType)), "pattern", step.Pattern)
}

// funnelForm is the form of a funnel.
type funnelForm struct {
	Name       string
	Steps      []stepForm // shown at once
	Spare      []stepForm // behind "more steps", so that the form works without script
	Faults     []string
	Path, Back string
	Off, Known bool
}

type stepForm struct {
	Number, Name, Pattern string
	Kinds, Patterns       []option
}

// A form offers so many empty steps besides those there are, the first of them
// in sight, and at least the two that a funnel needs.
const (
	spareSteps = 5
	leastSteps = 2
)

func (s *server) showFunnelForm(w http.ResponseWriter, r *http.Request) error {
	site, f, err := s.funnelOf(r)
	if err != nil {
		return err
	}
	return s.renderFunnelForm(w, r, http.StatusOK, &site, f, nil)
}

func (s *server) renderFunnelForm(w http.ResponseWriter, r *http.Request, status int, site *foule.Site, f foule.Funnel, faults []string) error {
	l := localeOf(r)
	page := funnelForm{Name: f.Name, Off: f.Off, Known: f.ID != 0, Path: sitePath(site.ID) + "/settings/funnels/new", Back: sitePath(site.ID) + "/settings"}
	title := l.T("funnel.new")
	if f.ID != 0 {
		page.Path, title = sitePath(site.ID)+"/settings/funnels/"+strconv.FormatUint(uint64(f.ID), 10), l.T("funnel.edit")
	}
	steps := append([]foule.FunnelStep{}, f.Steps...)
	for len(steps) < foule.MaxSteps && len(steps) < len(f.Steps)+spareSteps {
		steps = append(steps, foule.FunnelStep{Match: foule.MatchURL, PatternType: foule.PatternContains})
	}
	for i := range steps {
		form := l.stepForm(site, &steps[i], i+1)
		if i < max(leastSteps, len(f.Steps)) || i == len(f.Steps) {
			page.Steps = append(page.Steps, form)
		} else {
			page.Spare = append(page.Spare, form)
		}
	}
	for _, key := range faults {
		page.Faults = append(page.Faults, l.T(key))
	}
	return s.renderStatus(w, r, status, "funnel-form", title, site, page)
}

func (l *locale) stepForm(site *foule.Site, step *foule.FunnelStep, number int) stepForm {
	form := stepForm{Number: strconv.Itoa(number), Name: step.Name, Pattern: step.Pattern}
	for _, m := range goalMatches {
		if m != foule.MatchManual && m != foule.MatchDuration {
			form.Kinds = append(form.Kinds, option{string(m), l.T("match." + string(m)), step.Goal == 0 && m == step.Match})
		}
	}
	for _, g := range site.Goals {
		form.Kinds = append(form.Kinds, option{"goal:" + strconv.FormatUint(uint64(g.ID), 10), l.T("funnel.goal", "goal", g.Name), step.Goal == g.ID})
	}
	form.Kinds = append(form.Kinds, option{"", l.T("funnel.nostep"), false})
	for _, p := range goalPatterns {
		form.Patterns = append(form.Patterns, option{string(p), l.T("pattern." + string(p)), p == step.PatternType})
	}
	return form
}

// readFunnel puts a form's fields into a funnel and gives the keys of what is
// wrong with them. Steps without name and pattern are left out.
func readFunnel(r *http.Request, site *foule.Site, f *foule.Funnel) (faults []string) {
	f.Name = strings.TrimSpace(r.PostFormValue("name"))
	if f.Name == "" || len(f.Name) > 200 {
		faults = append(faults, "fault.name")
	}
	f.Off = r.PostFormValue("off") != ""
	f.Steps = nil
	for i := 1; i <= foule.MaxSteps; i++ {
		n := "_" + strconv.Itoa(i)
		step := foule.FunnelStep{Name: strings.TrimSpace(r.PostFormValue("name" + n)), Pattern: r.PostFormValue("pattern" + n)}
		kind := r.PostFormValue("kind" + n)
		goal, isGoal := strings.CutPrefix(kind, "goal:")
		switch {
		case kind == "" || !isGoal && step.Pattern == "" && step.Name == "":
			continue
		case isGoal:
			g, ok := goalNamed(site, goal)
			if !ok {
				faults = append(faults, "fault.step")
			}
			step.Goal, step.Pattern = g.ID, ""
		default:
			step.Match, step.PatternType = pick(goalMatches, kind), pick(goalPatterns, r.PostFormValue("pattern_type"+n))
			faults = append(faults, stepFaults(&step)...)
		}
		f.Steps = append(f.Steps, step)
	}
	if len(f.Steps) < 2 {
		faults = append(faults, "fault.steps")
	}
	return faults
}

func stepFaults(step *foule.FunnelStep) (faults []string) {
	if step.Pattern == "" || len(step.Pattern) > foule.MaxLabelBytes || step.Match == foule.MatchManual || step.Match == foule.MatchDuration {
		faults = append(faults, "fault.pattern")
	}
	if _, err := regexp.Compile(step.Pattern); step.PatternType == foule.PatternRegex && err != nil {
		faults = append(faults, "fault.regex")
	}
	return faults
}

func (s *server) saveFunnel(w http.ResponseWriter, r *http.Request) error {
	site, f, err := s.funnelOf(r)
	if err != nil {
		return err
	}
	if faults := readFunnel(r, &site, &f); len(faults) > 0 {
		return s.renderFunnelForm(w, r, http.StatusUnprocessableEntity, &site, f, faults)
	}
	notice := "saved"
	if f.ID == 0 {
		notice = "added"
		site.AddFunnel(f.Name, f.Steps)
	}
	for i := range site.Funnels {
		if site.Funnels[i].ID == f.ID {
			site.Funnels[i] = f
		}
	}
	if err := s.Settings.UpdateSite(r.Context(), site); err != nil {
		return err
	}
	http.Redirect(w, r, withDone(sitePath(site.ID)+"/settings", notice), http.StatusSeeOther)
	return nil
}
