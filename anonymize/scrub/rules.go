package scrub

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"foule.eu/foule/privacy"
)

// Removed stands in place of what a site's own rules match.
const Removed = "[removed]"

// Rules are a site's own patterns, beside the kinds that are known everywhere.
// The zero value has none. They are immutable.
type Rules []*regexp.Regexp

// CompileRules makes a site's patterns ready, or says everything that is wrong
// with them.
func CompileRules(patterns []string) (rules Rules, err error) {
	var faults []error
	if len(patterns) > privacy.MaxRules {
		faults = append(faults, fmt.Errorf("%d scrubbing rules; at most %d", len(patterns), privacy.MaxRules))
	}
	for _, p := range patterns {
		rule, err := privacy.CompileRule(p)
		rules, faults = append(rules, rule), append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return rules, nil
}

// Text is [Text] with the site's rules, which see the text as it was sent.
func (r Rules) Text(s string) string { return Text(r.strike(s, inText)) }

// Path is [Path] with the site's rules.
func (r Rules) Path(p string) string { return Path(r.strike(p, inPath)) }

// Label is [Label] with the site's rules once more, for what only the whole label
// shows, put together from a host and a path or freed of invisible characters.
func (r Rules) Label(s string) string {
	s = Label(s)
	if struck := r.strike(s, inPath); struck != s {
		return Label(Path(struck))
	}
	return s
}

// Match says whether any rule matches a text.
func (r Rules) Match(s string) bool {
	return slices.ContainsFunc(r, func(rule *regexp.Regexp) bool { return rule.MatchString(s) })
}

// strike puts [Removed] in place of what the rules match in a text, as it stands
// or as a person reads it: with escapes decoded.
func (r Rules) strike(s string, m mode) string {
	if len(r) == 0 {
		return s
	}
	s = cut(s, maxInput)
	room := rooms.Get().(*buffers)
	defer rooms.Put(room)
	for _, rule := range r {
		s = removeSpans(s, m, matches(rule, s))
		if !odd(s) {
			continue
		}
		v := viewOf(s, m, room)
		found := matches(rule, string(v.text))
		for i := range found {
			found[i] = span{v.offset(found[i].start), v.offset(found[i].end)}
		}
		s = removeSpans(s, m, found)
	}
	return s
}

// marks is everything that stands in place of something.
var marks = func() []string {
	list := slices.Compact(slices.Sorted(slices.Values(append(placeholders[:], Removed))))
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}()

// span is a piece of a text.
type span struct{ start, end int }

// matches lists where a rule matches something.
func matches(rule *regexp.Regexp, s string) (found []span) {
	for _, m := range rule.FindAllStringIndex(s, -1) {
		if m[1] > m[0] {
			found = append(found, span{m[0], m[1]})
		}
	}
	return found
}

// outside leaves out what is part of a placeholder: there is nothing to hide in
// it, and a rule that matches its letters would never come to an end.
func outside(s string, found []span) []span {
	return slices.DeleteFunc(found, func(m span) bool {
		i := strings.LastIndexByte(s[:m.start+1], '[')
		if i < 0 {
			return false
		}
		mark := markAt(s[i:])
		return mark != "" && m.end <= i+len(mark)
	})
}

// removeSpans puts one [Removed] in place of spans that touch. Each takes in all
// of an address or a number that it cuts into: what would be left of it is
// nothing that the known kinds recognise.
func removeSpans(s string, m mode, found []span) string {
	found = outside(s, found)
	if len(found) == 0 {
		return s
	}
	known := finds(s, m)
	for i := range found {
		for _, k := range known {
			if k.start < found[i].end && found[i].start < k.end {
				found[i] = span{min(k.start, found[i].start), max(k.end, found[i].end)}
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.start - b.start })
	var out strings.Builder
	done := 0
	for i := 0; i < len(found); {
		m := found[i]
		for i++; i < len(found) && found[i].start <= m.end; i++ {
			m.end = max(m.end, found[i].end)
		}
		out.WriteString(s[done:m.start])
		out.WriteString(Removed)
		done = m.end
	}
	out.WriteString(s[done:])
	return cut(out.String(), maxInput)
}

// finds lists what the known kinds find in a text, each for itself.
func finds(s string, m mode) (list []span) {
	room := rooms.Get().(*buffers)
	defer rooms.Put(room)
	v := viewOf(s, m, room)
	for k := range numKinds {
		for i := 0; i < v.n; {
			start, end := 0, 0
			if begins[v.text[i]]>>k&1 != 0 {
				start, end = v.find(k, i)
			}
			if end <= i {
				i++
				continue
			}
			list = append(list, span{v.offset(start), v.offset(end)})
			i = end
		}
	}
	return list
}
