package dashboard

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// TryFunc says what would be kept of texts that are sent as what sample says (one
// of trySamples), under the site's settings as given; it stores nothing. The
// collector gives it: the dashboard cannot scrub.
type TryFunc func(ctx context.Context, site foule.Site, sample string, texts []string) ([]Tried, error)

// Tried is a text and what would be kept of it.
type Tried struct {
	Sent   string
	Labels []TriedLabel // none: nothing would be kept
	Reason string       // why such a hit would not be counted; "" if it would
}

// TriedLabel is a label in pieces, and the dimension under which it would count.
type TriedLabel struct {
	Dim    foule.Dimension
	Pieces []Piece
}

// Piece is a part of a label: text, or a placeholder and what it stands for.
type Piece struct{ Text, Kind string }

// The limits of one try.
const (
	maxTried      = 200
	maxTriedBytes = 1 << 20
)

// trySamples are what a text can be sent as; the first is the default.
var trySamples = []string{"page", "text", "search", "link", "referrer"}

// scrubKinds are what a placeholder can stand for, in order of display.
var scrubKinds = []string{"email", "phone", "ip", "mac", "place", "card", "iban", "nir", "secret", "token", "removed"}

// scrubbingPage is the form to try the scrubbing, and what came of it.
type scrubbingPage struct {
	Path, Back, Texts, Rules string
	Samples                  []option
	Elsewhere                bool // there is no collector in this process
	Faults                   []string
	Summary                  string
	Found                    []string // how often each kind was replaced
	Lines                    []triedLine
}

// triedLine is a text as it was sent and as it would be kept.
type triedLine struct {
	Sent   string
	Labels []triedLabel
	Note   string
}

type triedLabel struct {
	Dimension string
	Pieces    []triedPiece
}

type triedPiece struct{ Text, Kind string } // Kind in words

func (s *server) showScrubbing(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	return s.renderScrubbing(w, r, http.StatusOK, &site, scrubbingPage{Rules: strings.Join(site.Privacy.Scrub, "\n")}, trySamples[0])
}

// tryScrubbing shows what would be kept of what was pasted. None of it is
// stored, logged, or left in an address.
func (s *server) tryScrubbing(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	if s.Try == nil {
		return s.renderScrubbing(w, r, http.StatusNotFound, &site, scrubbingPage{}, trySamples[0])
	}
	l := localeOf(r)
	r.Body = http.MaxBytesReader(w, r.Body, maxTriedBytes)
	var page scrubbingPage
	var tooLarge *http.MaxBytesError
	if err := r.ParseForm(); errors.As(err, &tooLarge) {
		page.Faults = []string{l.T("fault.pasted", "n", l.Int(maxTried))}
		return s.renderScrubbing(w, r, http.StatusRequestEntityTooLarge, &site, page, trySamples[0])
	}
	sample := pick(trySamples, r.PostFormValue("sample"))
	page.Texts, page.Rules = r.PostFormValue("texts"), r.PostFormValue("rules")
	texts := lines(page.Texts)
	if len(texts) > maxTried {
		page.Faults = append(page.Faults, l.T("fault.pasted", "n", l.Int(maxTried)))
	}
	draft := site
	draft.Privacy.Scrub = lines(page.Rules)
	page.Faults = append(page.Faults, l.refusedRules(&draft)...)
	if len(page.Faults) > 0 {
		return s.renderScrubbing(w, r, http.StatusUnprocessableEntity, &site, page, sample)
	}
	tried, err := s.Try(r.Context(), draft, sample, texts)
	if err != nil {
		return err
	}
	l.showTried(&page, tried)
	return s.renderScrubbing(w, r, http.StatusOK, &site, page, sample)
}

func (s *server) renderScrubbing(w http.ResponseWriter, r *http.Request, status int, site *foule.Site, page scrubbingPage, sample string) error {
	l := localeOf(r)
	page.Path, page.Back, page.Elsewhere = r.URL.Path, sitePath(site.ID)+"/settings", s.Try == nil
	for _, name := range trySamples {
		page.Samples = append(page.Samples, option{name, l.T("sample." + name), name == sample})
	}
	return s.renderStatus(w, r, status, "scrubbing", l.T("scrubbing"), site, page)
}

// refusedRules says in words what is wrong with a site's scrubbing rules.
func (l *locale) refusedRules(site *foule.Site) (faults []string) {
	for _, refusal := range privacy.Refusals(site) {
		if refusal.Setting == "scrub" {
			faults = append(faults, l.T("fault.rule", "reason", refusal.Reason.In(l.Lang)))
		}
	}
	return faults
}

// showTried puts what was tried into words.
func (l *locale) showTried(page *scrubbingPage, tried []Tried) {
	found, changed := map[string]int64{}, int64(0)
	for _, t := range tried {
		line := triedLine{Sent: t.Sent}
		replaced := false
		for _, label := range t.Labels {
			shown := triedLabel{Dimension: l.T("dim." + label.Dim.String())}
			for _, piece := range label.Pieces {
				p := triedPiece{Text: piece.Text}
				if piece.Kind != "" {
					found[piece.Kind]++
					replaced = true
					p.Kind = l.T("scrubbed." + piece.Kind)
				}
				shown.Pieces = append(shown.Pieces, p)
			}
			line.Labels = append(line.Labels, shown)
		}
		if replaced {
			changed++
		}
		if t.Reason != "" {
			line.Note = l.T("scrubbing.excluded", "reason", l.T("excluded."+t.Reason))
		}
		page.Lines = append(page.Lines, line)
	}
	page.Summary = l.N("scrubbing.summary", int64(len(tried)), "changed", l.Int(changed))
	for _, kind := range scrubKinds {
		if n := found[kind]; n > 0 {
			page.Found = append(page.Found, l.T("scrubbing.count", "kind", l.T("scrubbed."+kind), "n", l.Int(n)))
		}
	}
}
