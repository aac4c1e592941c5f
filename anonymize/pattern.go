package anonymize

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"foule.eu/foule"
)

// pattern is what a goal or a step of a funnel looks for, made ready.
type pattern struct {
	match         foule.Match
	kind          foule.Pattern
	text          string
	folded        string // the text in lower case, for comparison without case
	caseSensitive bool
	regex         *regexp.Regexp
	after         uint32 // of MatchDuration, seconds
}

// matches and patterns are what a pattern can say.
var (
	matches = []foule.Match{
		foule.MatchURL, foule.MatchTitle, foule.MatchFile, foule.MatchOutlink,
		foule.MatchEventCategory, foule.MatchEventAction, foule.MatchEventName, foule.MatchManual, foule.MatchDuration,
	}
	patterns = []foule.Pattern{foule.PatternContains, foule.PatternExact, foule.PatternRegex}
)

func compilePattern(match foule.Match, text string, kind foule.Pattern, caseSensitive bool) (pattern, error) {
	p := pattern{match: match, kind: kind, text: text, folded: strings.ToLower(text), caseSensitive: caseSensitive}
	if !slices.Contains(matches, match) {
		return p, fmt.Errorf("%q is nothing that a pattern is compared with; use one of %v", match, matches)
	}
	switch {
	case match == foule.MatchManual:
		return p, nil
	case match == foule.MatchDuration:
		minutes, err := strconv.ParseUint(text, 10, 16)
		if err != nil || minutes == 0 || kind != foule.PatternLonger {
			return p, fmt.Errorf("a visit's length is compared by %s with a whole number of minutes from 1 to 65535", foule.PatternLonger)
		}
		p.after = uint32(minutes) * 60
		return p, nil
	}
	if !slices.Contains(patterns, kind) {
		return p, fmt.Errorf("pattern type %q is not one of %v", kind, patterns)
	}
	if kind != foule.PatternRegex {
		return p, nil
	}
	if !caseSensitive {
		text = "(?i)" + text
	}
	var err error
	if p.regex, err = regexp.Compile(text); err != nil {
		return p, fmt.Errorf("pattern: %w", err)
	}
	return p, nil
}

// matches compares the pattern with a text; Matomo tries the URL-decoded text
// too.
func (p *pattern) matches(text string) bool {
	if text == "" {
		return false
	}
	if p.matchesAsIs(text) {
		return true
	}
	decoded := unescape(text)
	return decoded != text && p.matchesAsIs(decoded)
}

func (p *pattern) matchesAsIs(text string) bool {
	if p.regex != nil {
		return p.regex.MatchString(text)
	}
	want := p.text
	if !p.caseSensitive {
		text, want = strings.ToLower(text), p.folded
	}
	if p.kind == foule.PatternExact {
		return text == want
	}
	return strings.Contains(text, want)
}

// goal is a goal whose pattern is ready.
type goal struct {
	foule.Goal
	pattern pattern
}

func compileGoal(g foule.Goal) (goal, error) {
	p, err := compilePattern(g.Match, g.Pattern, g.PatternType, g.CaseSensitive)
	if err != nil {
		err = fmt.Errorf("goal %d: %w", g.ID, err)
	}
	return goal{g, p}, err
}

// funnel is a funnel whose patterns are ready.
type funnel struct {
	id    uint32
	steps []funnelStep
}

// funnelStep is a goal's number, or else a pattern.
type funnelStep struct {
	goal    uint32
	pattern pattern
}

// compileFunnels makes the site's funnels ready. Its goals have to be ready before.
func (s *Site) compileFunnels(list []foule.Funnel) error {
	seen := map[uint32]bool{}
	for _, f := range list {
		c := funnel{id: f.ID, steps: make([]funnelStep, len(f.Steps))}
		switch {
		case f.ID == 0 || seen[f.ID]:
			return fmt.Errorf("funnel %d: its number has to be above 0 and no other's", f.ID)
		case len(f.Steps) < 2 || len(f.Steps) > foule.MaxSteps:
			return fmt.Errorf("funnel %d: a funnel has from 2 to %d steps, not %d", f.ID, foule.MaxSteps, len(f.Steps))
		}
		seen[f.ID] = true
		if f.Off {
			continue
		}
		for i, step := range f.Steps {
			if step.Goal != 0 {
				if !s.HasGoal(step.Goal) {
					return fmt.Errorf("funnel %d, step %d: the site has no goal %d", f.ID, i+1, step.Goal)
				}
				c.steps[i].goal = step.Goal
				continue
			}
			p, err := compilePattern(step.Match, step.Pattern, step.PatternType, step.CaseSensitive)
			if err == nil && (step.Match == foule.MatchManual || step.Match == foule.MatchDuration || step.Pattern == "") {
				err = fmt.Errorf("it needs a goal, or something to look for")
			}
			if err != nil {
				return fmt.Errorf("funnel %d, step %d: %w", f.ID, i+1, err)
			}
			c.steps[i].pattern = p
		}
		s.funnels = append(s.funnels, c)
	}
	return nil
}

// agentPattern is a part of a user agent, or between slashes a regular
// expression, both without regard to case.
type agentPattern struct {
	part  string
	regex *regexp.Regexp
}

func compileAgent(text string) (a agentPattern, err error) {
	if len(text) > 2 && text[0] == '/' && text[len(text)-1] == '/' {
		if a.regex, err = regexp.Compile("(?i)" + text[1:len(text)-1]); err != nil {
			err = fmt.Errorf("excluded user agent %s: %w", text, err)
		}
		return a, err
	}
	return agentPattern{part: strings.ToLower(text)}, nil
}

// matches compares with a user agent in lower case.
func (a *agentPattern) matches(agent string) bool {
	if a.regex != nil {
		return a.regex.MatchString(agent)
	}
	return strings.Contains(agent, a.part)
}

// parameter is a query parameter, with any value or a certain one.
type parameter struct {
	name, value string
	any         bool
}

func parseParameter(text string) parameter {
	name, value, certain := strings.Cut(text, "=")
	return parameter{name, value, !certain}
}
