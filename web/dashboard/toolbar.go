package dashboard

import (
	"foule.eu/foule"
	"foule.eu/foule/report"
)

// link is an address with its words.
type link struct {
	Href, Text string
	Current    bool
}

// toolbar is the row above figures: days, comparison and filter.
type toolbar struct {
	Periods    []link
	Shown      string // the days in words
	Name       string // the preset in words
	From, To   string // for the date inputs
	Today      string
	Hidden     []field
	Path       string
	Earlier    string // address of the span before
	Later      string // "" at today
	CompareURL string // toggles
	Compare    bool
	ComparedTo string
	Chip       *chip
}

// chip is the filter in force with the address that removes it.
type chip struct {
	Dimension, Label string
	Remove           string
}

func (v *view) toolbar(l *locale) toolbar {
	t := toolbar{
		Shown: l.Days(v.Range.From, v.Range.To), Name: l.T("period." + v.Period),
		From: v.Range.From.String(), To: v.Range.To.String(), Today: v.Today.String(),
		Hidden: v.hidden("period", "from", "to", "page"), Path: v.path,
		Compare: v.Compare, CompareURL: v.with("compare", "0"),
		ComparedTo: l.Days(v.Before.From, v.Before.To),
	}
	if !v.Compare {
		t.CompareURL = v.with("compare", "")
	}
	for _, p := range report.Presets() {
		value := p
		if p == periodDefault {
			value = ""
		}
		t.Periods = append(t.Periods, link{
			Href: v.with("period", value, "from", "", "to", "", "page", ""), Text: l.T("period." + p), Current: p == v.Period,
		})
	}
	t.Earlier, t.Later = v.neighbours()
	if v.Filter != nil {
		t.Chip = &chip{
			Dimension: l.T("dim." + v.Filter.Dim.String()),
			Label:     l.label(&v.Site, v.Filter.Dim, v.Filter.Label).Main,
			Remove:    v.with("filter", "", "page", ""),
		}
	}
	return t
}

// neighbours gives the addresses of the spans just before and after, of the
// same length or of whole months when a whole month is shown.
func (v *view) neighbours() (earlier, later string) {
	n := foule.Day(v.Range.days())
	before := span{v.Range.From - n, v.Range.From - 1}
	after := span{v.Range.To + 1, v.Range.To + n}
	if m := v.Range.From.Month(); v.Range.From == m.First() && (v.Range.To == m.Last() || v.Period == "month") {
		before = span{(m - 1).First(), (m - 1).Last()}
		after = span{(m + 1).First(), (m + 1).Last()}
	}
	earlier = v.withSpan(before)
	if after.From <= v.Today {
		after.To = min(after.To, v.Today)
		later = v.withSpan(after)
	}
	return earlier, later
}

// withSpan uses a preset's name where it means the same days, so that the
// address stays short and means the same tomorrow.
func (v *view) withSpan(s span) string {
	for _, p := range []string{"today", "yesterday"} {
		if sp, _ := presetSpan(p, v.Today); sp == s {
			return v.with("period", p, "from", "", "to", "", "page", "")
		}
	}
	return v.with("period", "", "from", s.From.String(), "to", s.To.String(), "page", "")
}
