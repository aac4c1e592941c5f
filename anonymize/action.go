package anonymize

import (
	"slices"
	"strings"

	"foule.eu/foule"
)

// action fills in the labels of what the hit is.
func (s *Site) action(e *foule.Event, h *Hit, kind foule.Kind, page address, hasPage bool, w *wants) {
	e.Kind = kind
	switch kind {
	case foule.KindDownload:
		e.Target = s.target(h.Download)
	case foule.KindOutlink:
		e.Target = s.target(h.Link)
	case foule.KindCustom:
		e.Custom = foule.CustomEvent{Category: s.text(h.EventCategory), Action: s.text(h.EventAction), Name: s.text(h.EventName)}
		if h.HasEventValue {
			e.Custom.ValueMilli, e.Custom.HasValue = scaled(h.EventValue, 1000), true
		}
	case foule.KindContent:
		e.Content = foule.Content{
			Name: s.textOrTarget(h.ContentName), Piece: s.textOrTarget(h.ContentPiece), Target: s.target(h.ContentTarget),
			Interaction: h.ContentInteraction != "",
		}
	case foule.KindSearch:
		e.Search = foule.Search{Keyword: s.text(h.Search), Category: s.text(h.SearchCategory), NoResult: h.SearchCount == 0}
	case foule.KindPageView:
		s.pageView(e, h, page, hasPage, w)
	}
}

// pageView is what a hit is if it is nothing else, unless its URL shows a search.
func (s *Site) pageView(e *foule.Event, h *Hit, page address, hasPage bool, w *wants) {
	if keyword := s.firstValue(page, s.searchParams); keyword != "" && w.searches {
		e.Kind = foule.KindSearch
		category := h.SearchCategory
		if category == "" {
			category = s.firstValue(page, s.searchCats)
		}
		e.Search = foule.Search{Keyword: s.text(keyword), Category: s.text(category), NoResult: h.SearchCount == 0}
		return
	}
	e.Title = s.text(h.Title)
	if hasPage {
		e.Page = s.page(page)
	}
}

// firstValue is the first non-empty value of the parameters, in their order, in
// the query or else in the fragment.
func (s *Site) firstValue(page address, params []string) string {
	for _, part := range []string{page.query, page.fragment} {
		if part == "" {
			continue
		}
		if _, after, ok := strings.Cut(part, "?"); ok {
			part = after
		}
		for _, name := range params {
			if v := strings.TrimSpace(queryValue(part, name)); v != "" {
				return v
			}
		}
	}
	return ""
}

// conversions says which goals the hit reaches. Patterns are compared with
// what was sent, before anything is cut or scrubbed (tracking.md §11). How long a
// visit lasts is not known where nobody is told apart.
func (s *Site) conversions(e *foule.Event, h *Hit, w *wants) {
	if h.Goal >= 0 {
		s.manual(e, h)
		return
	}
	for i := range s.goals {
		g := &s.goals[i]
		if g.pattern.after != 0 && !w.visitors || g.pattern.after == 0 && !g.pattern.matches(subject(g.Match, e.Kind, h)) {
			continue
		}
		c := foule.Conversion{Goal: g.ID, Multiple: g.Multiple && g.pattern.after == 0, RevenueMinor: g.RevenueMinor, After: g.pattern.after}
		switch {
		case g.EventValue && h.HasEventValue:
			c.RevenueMinor = minor(h.EventValue)
		case h.HasRevenue:
			c.RevenueMinor = minor(h.Revenue)
		}
		e.Conversions = append(e.Conversions, c)
	}
}

// manual is the conversion of idgoal, or of an order; a cart alone converts nothing.
func (s *Site) manual(e *foule.Event, h *Hit) {
	if h.Goal == 0 {
		if h.OrderID != "" {
			e.Conversions = []foule.Conversion{{Multiple: true, RevenueMinor: minor(h.Revenue)}}
		}
		return
	}
	g := s.byID[uint32(h.Goal)]
	if g == nil {
		return
	}
	c := foule.Conversion{Goal: g.ID, Multiple: g.Multiple, RevenueMinor: g.RevenueMinor}
	if h.HasRevenue {
		c.RevenueMinor = minor(h.Revenue)
	}
	e.Conversions = []foule.Conversion{c}
}

// steps says which steps of the site's funnels the hit makes.
func (s *Site) steps(e *foule.Event, h *Hit) {
	for i := range s.funnels {
		f := &s.funnels[i]
		for n := range f.steps {
			if f.steps[n].madeBy(e, h) {
				e.Steps = append(e.Steps, foule.Step{Funnel: f.id, Number: uint8(n + 1)})
			}
		}
	}
}

func (s *funnelStep) madeBy(e *foule.Event, h *Hit) bool {
	if s.goal == 0 {
		return s.pattern.matches(subject(s.pattern.match, e.Kind, h))
	}
	return slices.ContainsFunc(e.Conversions, func(c foule.Conversion) bool { return c.Goal == s.goal && c.After == 0 })
}

// subject is what a pattern is compared with, "" if the hit has none.
func subject(m foule.Match, kind foule.Kind, h *Hit) string {
	switch {
	case m == foule.MatchURL && (kind == foule.KindPageView || kind == foule.KindSearch):
		return h.URL
	case m == foule.MatchTitle && kind == foule.KindPageView:
		return h.Title
	case m == foule.MatchFile && kind == foule.KindDownload:
		return h.Download
	case m == foule.MatchOutlink && kind == foule.KindOutlink:
		return h.Link
	case kind != foule.KindCustom:
		return ""
	case m == foule.MatchEventCategory:
		return h.EventCategory
	case m == foule.MatchEventAction:
		return h.EventAction
	case m == foule.MatchEventName:
		return h.EventName
	}
	return ""
}
