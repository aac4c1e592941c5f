package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
)

// dimensionCommand manages a site's custom dimensions.
func dimensionCommand(ctx context.Context, e env, args []string) error {
	verb, args := verbOf(args)
	f := flags("dimension " + verb)
	site := f.Uint("site", 0, "")
	id := f.Uint("id", 0, "")
	scope := f.String("scope", "visit", "")
	asJSON := f.Bool("json", false, "")
	_, store, words, err := open("dimension "+verb, args, f)
	if err != nil {
		return err
	}
	defer store.Close()
	s, err := store.Site(ctx, foule.SiteID(*site))
	if err != nil {
		return fmt.Errorf("site %d: %w", *site, err)
	}
	switch {
	case verb == "list":
		for _, d := range s.Dimensions {
			if err := e.print(*asJSON, map[string]any{"id": d.ID, "name": d.Name, "scope": scopeName(d.Scope), "active": !d.Off},
				"%d\t%s\t%s\t%s", d.ID, d.Name, scopeName(d.Scope), onOff(!d.Off)); err != nil {
				return err
			}
		}
		return nil
	case verb == "add" && len(words) == 1:
		d, err := s.AddDimension(uint32(*id), words[0], scopeOf(*scope))
		if err != nil {
			return err
		}
		if err := store.UpdateSite(ctx, s); err != nil {
			return err
		}
		return e.print(*asJSON, map[string]any{"id": d.ID, "name": d.Name, "scope": *scope}, "%d", d.ID)
	case verb == "off" || verb == "on":
		for i := range s.Dimensions {
			if s.Dimensions[i].ID == uint32(*id) {
				s.Dimensions[i].Off = verb == "off"
				return store.UpdateSite(ctx, s)
			}
		}
		return fmt.Errorf("site %d has no custom dimension %d", *site, *id)
	}
	return fmt.Errorf("%w: say 'dimension add NAME --site ID --scope visit|action [--id N]', 'dimension list --site ID' or 'dimension off|on --site ID --id N'", errUsage)
}

// verbOf takes the word that says what to do off a command's arguments.
func verbOf(args []string) (verb string, rest []string) {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return args[0], args[1:]
	}
	return "", args
}

func scopeOf(name string) foule.Scope {
	switch name {
	case "visit":
		return foule.ScopeVisit
	case "action":
		return foule.ScopeAction
	}
	return foule.ScopeNone
}

func scopeName(s foule.Scope) string {
	if s == foule.ScopeVisit {
		return "visit"
	}
	return "action"
}

func onOff(on bool) string {
	if on {
		return "counted"
	}
	return "off"
}

// texts is a flag that may be given several times, commas and all.
type texts []string

func (l *texts) String() string     { return strings.Join(*l, " ") }
func (l *texts) Set(s string) error { *l = append(*l, s); return nil }

// funnelCommand manages a site's funnels.
func funnelCommand(ctx context.Context, e env, args []string) error {
	verb, args := verbOf(args)
	f := flags("funnel " + verb)
	site := f.Uint("site", 0, "")
	id := f.Uint("id", 0, "")
	var steps texts
	f.Var(&steps, "step", "")
	asJSON := f.Bool("json", false, "")
	_, store, words, err := open("funnel "+verb, args, f)
	if err != nil {
		return err
	}
	defer store.Close()
	s, err := store.Site(ctx, foule.SiteID(*site))
	if err != nil {
		return fmt.Errorf("site %d: %w", *site, err)
	}
	switch {
	case verb == "list":
		for _, fn := range s.Funnels {
			if err := e.print(*asJSON, map[string]any{"id": fn.ID, "name": fn.Name, "steps": len(fn.Steps), "active": !fn.Off},
				"%d\t%s\t%d steps\t%s", fn.ID, fn.Name, len(fn.Steps), onOff(!fn.Off)); err != nil {
				return err
			}
		}
		return nil
	case verb == "add" && len(words) == 1:
		var list []foule.FunnelStep
		for _, text := range steps {
			step, err := parseStep(text)
			if err != nil {
				return err
			}
			list = append(list, step)
		}
		fn := s.AddFunnel(words[0], list)
		if _, err := anonymize.CompileSite(s); err != nil {
			return err
		}
		if err := store.UpdateSite(ctx, s); err != nil {
			return err
		}
		return e.print(*asJSON, map[string]any{"id": fn.ID, "name": fn.Name, "steps": len(fn.Steps)}, "%d", fn.ID)
	case verb == "off" || verb == "on":
		for i := range s.Funnels {
			if s.Funnels[i].ID == uint32(*id) {
				s.Funnels[i].Off = verb == "off"
				return store.UpdateSite(ctx, s)
			}
		}
		return fmt.Errorf("site %d has no funnel %d", *site, *id)
	}
	return fmt.Errorf("%w: say 'funnel add NAME --site ID --step STEP --step STEP …', 'funnel list --site ID' or 'funnel off|on --site ID --id N'; a STEP is NAME=goal:ID or NAME=ATTRIBUTE:PATTERN-TYPE:PATTERN, as Cart=url:contains:/cart", errUsage)
}

// parseStep reads NAME=goal:ID or NAME=ATTRIBUTE:PATTERN-TYPE:PATTERN.
func parseStep(text string) (foule.FunnelStep, error) {
	name, what, ok := strings.Cut(text, "=")
	kind, rest, ok2 := strings.Cut(what, ":")
	if !ok || !ok2 {
		return foule.FunnelStep{}, fmt.Errorf("%w: step %q is neither NAME=goal:ID nor NAME=ATTRIBUTE:PATTERN-TYPE:PATTERN", errUsage, text)
	}
	step := foule.FunnelStep{Name: name}
	if kind == "goal" {
		id, err := strconv.ParseUint(rest, 10, 32)
		if err != nil || id == 0 {
			return step, fmt.Errorf("%w: step %q: %q is no goal's number", errUsage, text, rest)
		}
		step.Goal = uint32(id)
		return step, nil
	}
	how, pattern, ok := strings.Cut(rest, ":")
	if !ok {
		return step, fmt.Errorf("%w: step %q lacks its pattern", errUsage, text)
	}
	step.Match, step.PatternType, step.Pattern = foule.Match(kind), foule.Pattern(how), pattern
	return step, nil
}
