package dashboard

import (
	"errors"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// goalPage is the form of a goal.
type goalPage struct {
	Name, Pattern, Revenue              string
	Matches, Patterns                   []option
	CaseSensitive, Multiple, EventValue bool
	Faults                              []string
	Path, Back, Delete                  string // Delete is "" for a new goal
}

type option struct {
	Value, Text string
	Selected    bool
}

var goalMatches = []foule.Match{
	foule.MatchURL, foule.MatchTitle, foule.MatchFile, foule.MatchOutlink,
	foule.MatchEventCategory, foule.MatchEventAction, foule.MatchEventName, foule.MatchDuration, foule.MatchManual,
}

var goalPatterns = []foule.Pattern{foule.PatternContains, foule.PatternExact, foule.PatternRegex}

func goalPath(site foule.SiteID, goal uint32) string {
	return sitePath(site) + "/goals/" + strconv.FormatUint(uint64(goal), 10)
}

// goalRule says in a sentence when a goal is reached.
func (l *locale) goalRule(g foule.Goal) string {
	switch g.Match {
	case foule.MatchManual:
		return l.T("match." + string(g.Match))
	case foule.MatchDuration:
		return l.T("goal.duration", "minutes", g.Pattern)
	}
	return l.T("goal.rule", "match", l.T("match."+string(g.Match)),
		"how", l.T("pattern."+string(g.PatternType)), "pattern", g.Pattern)
}

// goalOf finds the goal that the path names; "new" is an empty one.
func (s *server) goalOf(r *http.Request) (foule.Site, foule.Goal, error) {
	site, err := s.site(r)
	if err != nil {
		return site, foule.Goal{}, err
	}
	name := chi.URLParam(r, "goal")
	if name == "new" {
		return site, foule.Goal{Match: foule.MatchURL, PatternType: foule.PatternContains}, nil
	}
	if g, ok := goalNamed(&site, name); ok {
		return site, g, nil
	}
	return site, foule.Goal{}, storage.ErrNotFound
}

// goalNamed finds a site's goal by its number as text.
func goalNamed(site *foule.Site, number string) (foule.Goal, bool) {
	for _, g := range site.Goals {
		if strconv.FormatUint(uint64(g.ID), 10) == number {
			return g, true
		}
	}
	return foule.Goal{}, false
}

func (s *server) showGoal(w http.ResponseWriter, r *http.Request) error {
	site, goal, err := s.goalOf(r)
	if err != nil {
		return err
	}
	return s.renderGoal(w, r, http.StatusOK, &site, goal, nil)
}

func (s *server) renderGoal(w http.ResponseWriter, r *http.Request, status int, site *foule.Site, g foule.Goal, faults []string) error {
	l := localeOf(r)
	page := goalPage{
		Name: g.Name, Pattern: g.Pattern, CaseSensitive: g.CaseSensitive, Multiple: g.Multiple, EventValue: g.EventValue,
		Path: sitePath(site.ID) + "/goals/new", Back: sitePath(site.ID) + "/settings",
	}
	title := l.T("goal.new")
	if g.ID != 0 {
		page.Path = goalPath(site.ID, g.ID)
		page.Delete = page.Path + "/delete"
		title = l.T("goal.edit")
	}
	if g.RevenueMinor != 0 {
		page.Revenue = l.amount(g.RevenueMinor)
	}
	for _, m := range goalMatches {
		page.Matches = append(page.Matches, option{string(m), l.T("match." + string(m)), m == g.Match})
	}
	for _, p := range goalPatterns {
		page.Patterns = append(page.Patterns, option{string(p), l.T("pattern." + string(p)), p == g.PatternType})
	}
	for _, key := range faults {
		page.Faults = append(page.Faults, l.T(key))
	}
	return s.renderStatus(w, r, status, "goal", title, site, page)
}

// minorPerMajor: revenue is kept in hundredths, whatever the currency.
const minorPerMajor = 100

// readGoal puts a form's fields into a goal and gives the keys of what is wrong with them.
func readGoal(r *http.Request, g *foule.Goal) (faults []string) {
	g.Name = strings.TrimSpace(r.PostFormValue("name"))
	if g.Name == "" || len(g.Name) > 200 {
		faults = append(faults, "fault.name")
	}
	g.Match = pick(goalMatches, r.PostFormValue("match"))
	g.PatternType = pick(goalPatterns, r.PostFormValue("pattern_type"))
	g.Pattern = r.PostFormValue("pattern")
	if g.Match == foule.MatchDuration {
		g.PatternType = foule.PatternLonger
		if minutes, err := strconv.ParseUint(strings.TrimSpace(g.Pattern), 10, 16); err != nil || minutes == 0 {
			faults = append(faults, "fault.minutes")
		} else {
			g.Pattern = strconv.FormatUint(minutes, 10)
		}
	}
	if g.Match != foule.MatchManual && (g.Pattern == "" || len(g.Pattern) > foule.MaxLabelBytes) {
		faults = append(faults, "fault.pattern")
	}
	if _, err := regexp.Compile(g.Pattern); g.PatternType == foule.PatternRegex && err != nil {
		faults = append(faults, "fault.regex")
	}
	g.CaseSensitive = r.PostFormValue("case_sensitive") != ""
	g.Multiple = r.PostFormValue("multiple") != ""
	g.EventValue = r.PostFormValue("event_value") != ""
	var err error
	if g.RevenueMinor, err = readMoney(r.PostFormValue("revenue")); err != nil {
		faults = append(faults, "fault.revenue")
	}
	return faults
}

func pick[T ~string](offered []T, value string) T {
	for _, v := range offered {
		if string(v) == value {
			return v
		}
	}
	return offered[0]
}

// amount writes minor units for an input, as the language's people type them.
func (l *locale) amount(minor int64) string {
	s := strconv.FormatFloat(float64(minor)/minorPerMajor, 'f', 2, 64)
	if l.Lang == "fr" {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

// readMoney reads an amount written with a point or a comma.
func readMoney(s string) (int64, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, ",", "."))
	if s == "" {
		return 0, nil
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || x < 0 || x > 1e12 {
		return 0, errAmount
	}
	return int64(math.Round(x * minorPerMajor)), nil
}

var errAmount = errors.New("not an amount")

func (s *server) saveGoal(w http.ResponseWriter, r *http.Request) error {
	site, goal, err := s.goalOf(r)
	if err != nil {
		return err
	}
	if faults := readGoal(r, &goal); len(faults) > 0 {
		return s.renderGoal(w, r, http.StatusUnprocessableEntity, &site, goal, faults)
	}
	notice := "saved"
	if goal.ID == 0 {
		notice = "added"
		_, err = s.Settings.AddGoal(r.Context(), site.ID, goal)
	} else {
		err = s.Settings.UpdateGoal(r.Context(), site.ID, goal)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, withDone(sitePath(site.ID)+"/settings", notice), http.StatusSeeOther)
	return nil
}

func (s *server) deleteGoal(w http.ResponseWriter, r *http.Request) error {
	site, goal, err := s.goalOf(r)
	if err != nil {
		return err
	}
	if err := s.Settings.DeleteGoal(r.Context(), site.ID, goal.ID); err != nil {
		return err
	}
	http.Redirect(w, r, withDone(sitePath(site.ID)+"/settings", "deleted"), http.StatusSeeOther)
	return nil
}
