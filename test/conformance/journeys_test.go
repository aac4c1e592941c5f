package conformance

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
)

// TestJourneys plays the journeys of testdata/journeys, one file a rule of
// Matomo's: hits go in at the tracking endpoint, tables come out of the API.
//
// A file's first line names the rule and where it is written. Then come, a line
// each:
//
//	site timezone=ZONE …          settings that differ from those of a bare site
//	goal ATTRIBUTE TYPE PATTERN   a goal; options: multiple, revenue=CENTS, event_value
//	dimension N SCOPE             a custom dimension, of a visit or an action
//	funnel STEP STEP …            a funnel of URL parts, or goal:N
//	hit TIME KEY=VALUE …          a tracking request. TIME is a time of 12 March 2025
//	                              by UTC, a whole date and time, or +DURATION after the
//	                              hit before. by=NAME is who comes (A if it is not
//	                              said); url=/x is a path of the site; status=N is the
//	                              answer to expect; token=no leaves the token out
//	expect REPORT                 a table: columns between bars, then the rows that the
//	                              report has, all of them unless the last is "…"
//
// Values with blanks or quotes stand in quotes of the other kind.
func TestJourneys(t *testing.T) {
	files, err := filepath.Glob("testdata/journeys/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no journeys: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			j := read(t, path)
			in := install(t, j.site)
			for _, h := range j.hits {
				in.play(t, h)
			}
			in.flush()
			for _, e := range j.expect {
				in.holds(t, path, e)
			}
		})
	}
}

// journey is a file, read.
type journey struct {
	site   foule.Site
	hits   []step
	expect []expected
	last   time.Time // of the last hit
}

type step struct {
	line   int
	params url.Values
	status int
}

type expected struct {
	line    int
	report  string
	columns []string
	rows    map[string][]string
	more    bool // rows that are not listed may be there
}

func read(t *testing.T, path string) *journey {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	j := &journey{site: foule.Site{Name: "Journey", Timezone: "UTC", KeepQuery: nil}}
	var open *expected
	n := 0
	for scan := bufio.NewScanner(f); scan.Scan(); {
		n++
		text := scan.Text()
		words := fields(text)
		switch {
		case len(words) == 0 || strings.HasPrefix(text, "#"):
			open = nil
		case words[0] == "expect":
			j.expect = append(j.expect, expected{line: n, report: words[1], rows: map[string][]string{}})
			open = &j.expect[len(j.expect)-1]
		case open != nil:
			open.read(text)
		default:
			if err := j.directive(n, words); err != nil {
				t.Fatalf("%s:%d: %v", path, n, err)
			}
		}
	}
	return j
}

// fields parts words at blanks; those in quotes, single or double, stay.
func fields(text string) (words []string) {
	quote := rune(0)
	word := strings.Builder{}
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, c := range text {
		switch {
		case c == quote:
			quote = 0
		case (c == '"' || c == '\'') && quote == 0:
			quote = c
		case (c == ' ' || c == '\t') && quote == 0:
			flush()
		default:
			word.WriteRune(c)
		}
	}
	flush()
	return words
}

func (e *expected) read(text string) {
	if strings.TrimSpace(text) == "…" {
		e.more = true
		return
	}
	cells := strings.Split(text, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if e.columns == nil {
		e.columns = cells[1:]
		return
	}
	e.rows[cells[0]] = cells[1:]
}

func (j *journey) directive(n int, words []string) error {
	switch rest := words[1:]; words[0] {
	case "site":
		return j.settings(rest)
	case "goal":
		return j.goal(rest)
	case "dimension":
		id, err := strconv.ParseUint(rest[0], 10, 32)
		if err != nil {
			return err
		}
		scope := foule.ScopeAction
		if rest[1] == "visit" {
			scope = foule.ScopeVisit
		}
		_, err = j.site.AddDimension(uint32(id), "d", scope)
		return err
	case "funnel":
		var steps []foule.FunnelStep
		for _, w := range rest {
			step := foule.FunnelStep{Match: foule.MatchURL, Pattern: w, PatternType: foule.PatternContains}
			if id, ok := strings.CutPrefix(w, "goal:"); ok {
				goal, err := strconv.ParseUint(id, 10, 32)
				if err != nil {
					return err
				}
				step = foule.FunnelStep{Goal: uint32(goal)}
			}
			steps = append(steps, step)
		}
		j.site.AddFunnel("f", steps)
		return nil
	case "hit":
		return j.hit(n, rest)
	}
	return fmt.Errorf("%q is no directive", words[0])
}

func (j *journey) settings(words []string) error {
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		switch name {
		case "timezone":
			j.site.Timezone = value
		case "hosts":
			j.site.Hosts = strings.Split(value, ",")
		case "keep_query":
			j.site.KeepQuery = strings.Split(value, ",")
		case "keep_fragment":
			j.site.KeepFragment = true
		case "search_category":
			j.site.SearchCategoryParams = strings.Split(value, ",")
		case "excluded_paths":
			j.site.ExcludedPaths = strings.Split(value, ",")
		case "excluded_query":
			j.site.ExcludedQuery = strings.Split(value, ",")
		case "excluded_referrers":
			j.site.ExcludedReferrers = strings.Split(value, ",")
		case "excluded_ips":
			j.site.ExcludedIPs = strings.Split(value, ",")
		case "excluded_agents":
			j.site.ExcludedAgents = strings.Split(value, ",")
		default:
			return fmt.Errorf("%q is no setting of a site here", name)
		}
	}
	return nil
}

func (j *journey) goal(words []string) error {
	g := foule.Goal{ID: uint32(len(j.site.Goals) + 1), Name: "g", Match: foule.Match(words[0])}
	if g.Match != foule.MatchManual {
		g.PatternType, g.Pattern = foule.Pattern(words[1]), words[2]
		words = words[2:]
	}
	for _, w := range words[1:] {
		cents, isRevenue := strings.CutPrefix(w, "revenue=")
		switch {
		case w == "multiple":
			g.Multiple = true
		case w == "event_value":
			g.EventValue = true
		case w == "case_sensitive":
			g.CaseSensitive = true
		case isRevenue:
			n, err := strconv.ParseInt(cents, 10, 64)
			if err != nil {
				return err
			}
			g.RevenueMinor = n
		default:
			return fmt.Errorf("%q is no option of a goal", w)
		}
	}
	j.site.Goals = append(j.site.Goals, g)
	return nil
}

// hit reads a tracking request. Who comes is told by address and browser, as in life.
func (j *journey) hit(n int, words []string) error {
	at, err := j.time(words[0])
	if err != nil {
		return err
	}
	j.last = at
	h := step{line: n, status: http.StatusOK, params: url.Values{
		"idsite": {"1"}, "rec": {"1"}, "cdt": {strconv.FormatInt(at.Unix(), 10)}, "lang": {"fr"}, "token_auth": {"{{token}}"},
		"ua": {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
	}}
	who := "A"
	for _, w := range words[1:] {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return fmt.Errorf("%q is no parameter", w)
		}
		switch {
		case name == "by":
			who = value
		case name == "status":
			if h.status, err = strconv.Atoi(value); err != nil {
				return err
			}
		case name == "token":
			h.params.Del("token_auth")
			h.params.Del("cip")
		case name == "url" && strings.HasPrefix(value, "/"):
			h.params.Set("url", "https://example.org"+value)
		default:
			h.params.Set(name, value)
		}
	}
	if h.params.Has("token_auth") && !h.params.Has("cip") {
		sum := fnv.New32a()
		io.WriteString(sum, who)
		x := sum.Sum32()
		h.params.Set("cip", fmt.Sprintf("10.%d.%d.1", x>>8&0xff, x&0xff))
	}
	j.hits = append(j.hits, h)
	return nil
}

func (j *journey) time(text string) (time.Time, error) {
	if after, ok := strings.CutPrefix(text, "+"); ok {
		d, err := time.ParseDuration(after)
		return j.last.Add(d), err
	}
	if before, ok := strings.CutPrefix(text, "-"); ok {
		d, err := time.ParseDuration(before)
		return j.last.Add(-d), err
	}
	if at, err := time.Parse("2006-01-02T15:04:05", text); err == nil {
		return at, nil
	}
	return time.Parse("2006-01-02 15:04:05", "2025-03-12 "+text)
}

func (in *installation) play(t *testing.T, h step) {
	t.Helper()
	for name, values := range h.params {
		h.params.Set(name, strings.ReplaceAll(values[0], "{{token}}", in.token))
	}
	res, err := http.Get(in.tracking.URL + "/matomo.php?" + h.params.Encode())
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != h.status {
		t.Errorf("line %d: the hit is answered %d, want %d", h.line, res.StatusCode, h.status)
	}
}

// holds compares a table.
func (in *installation) holds(t *testing.T, path string, e expected) {
	t.Helper()
	got := in.rows(t, e.report)
	for label := range got {
		empty := true
		for _, f := range got[label] {
			empty = empty && f == 0
		}
		if _, listed := e.rows[label]; !listed && !e.more && !empty {
			t.Errorf("%s:%d: %s has a row %q: %v", path, e.line, e.report, label, pick(got[label], e.columns))
		}
	}
	for label, want := range e.rows {
		if have := pick(got[label], e.columns); !slices.Equal(have, want) {
			t.Errorf("%s:%d: %s, %q:\n  %v\n  got  %v\n  want %v", path, e.line, e.report, label, e.columns, have, want)
		}
	}
}

func pick(row map[string]float64, columns []string) []string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = number(row[c])
	}
	return cells
}
