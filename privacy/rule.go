package privacy

import (
	"fmt"
	"regexp"
	"regexp/syntax"
)

// What a site's own scrubbing rules may come to. Every label is held against
// every rule, and RE2 looks at a character at most once for each step of a rule.
const (
	MaxRules     = 50
	MaxRuleBytes = 500
	maxRuleSteps = 1000
)

// CompileRule makes one scrubbing rule ready (RE2). Its error is a [Refusal].
func CompileRule(pattern string) (*regexp.Regexp, error) {
	refuse := func(en, fr string, args ...any) error {
		return Refusal{Setting: "scrub", Reason: Text{fmt.Sprintf(en, args...), fmt.Sprintf(fr, args...)}}
	}
	if len(pattern) > MaxRuleBytes {
		return nil, refuse("a pattern of %d bytes; at most %d", "une expression de %d octets ; au plus %d", len(pattern), MaxRuleBytes)
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || pattern == "" {
		return nil, refuse("%q is no regular expression (RE2)", "« %s » n’est pas une expression régulière (RE2)", pattern)
	}
	steps, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(steps.Inst) > maxRuleSteps {
		return nil, refuse("%q is too large: at most %d steps, repetitions counted", "« %s » est trop grande : au plus %d étapes, répétitions comprises", pattern, maxRuleSteps)
	}
	rule, err := regexp.Compile(pattern)
	if err != nil || rule.MatchString("") {
		return nil, refuse("%q also matches nothing at all", "« %s » correspond aussi à un texte vide", pattern)
	}
	return rule, nil
}

// refuseRules lists what is wrong with a site's scrubbing rules.
func refuseRules(patterns []string) (list []Refusal) {
	if len(patterns) > MaxRules {
		list = append(list, Refusal{"scrub", "", Text{fmt.Sprintf("%d patterns; at most %d", len(patterns), MaxRules), fmt.Sprintf("%d expressions ; au plus %d", len(patterns), MaxRules)}})
	}
	for _, pattern := range patterns {
		if _, err := CompileRule(pattern); err != nil {
			list = append(list, err.(Refusal))
		}
	}
	return list
}
