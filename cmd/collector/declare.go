package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/app"
)

// dimensionCommand manages a site's custom dimensions.
func dimensionCommand(ctx context.Context, e env, args []string) error {
	var scope string
	d, err := declare(ctx, "dimension", args, func(f *flag.FlagSet) { f.StringVar(&scope, "scope", "visit", "") })
	if err != nil {
		return err
	}
	defer d.store.Close()
	return d.dimension(ctx, e, scope)
}

func (d *declaration) dimension(ctx context.Context, e env, scope string) error {
	s := &d.site
	switch verb := d.verb; {
	case verb == "list":
		for _, c := range s.Dimensions {
			if err := e.print(d.asJSON, map[string]any{"id": c.ID, "name": c.Name, "scope": c.Scope.String(), "active": !c.Off},
				"%d\t%s\t%s\t%s", c.ID, c.Name, c.Scope, onOff(!c.Off)); err != nil {
				return err
			}
		}
		return nil
	case verb == "add" && len(d.words) == 1:
		c, err := s.AddDimension(d.id, d.words[0], scopeOf(scope))
		if err != nil {
			return err
		}
		if err := d.store.UpdateSite(ctx, *s); err != nil {
			return err
		}
		return e.print(d.asJSON, map[string]any{"id": c.ID, "name": c.Name, "scope": scope}, "%d", c.ID)
	case verb == "off" || verb == "on":
		for i := range s.Dimensions {
			if s.Dimensions[i].ID == d.id {
				s.Dimensions[i].Off = verb == "off"
				return d.store.UpdateSite(ctx, *s)
			}
		}
		return fmt.Errorf("site %d has no custom dimension %d", s.ID, d.id)
	}
	return fmt.Errorf("%w: say 'dimension add NAME --site ID --scope visit|action [--id N]', 'dimension list --site ID' or 'dimension off|on --site ID --id N'", errUsage)
}

// declaration is what the commands about one site's own things have in common.
type declaration struct {
	verb   string
	words  []string
	id     uint32
	asJSON bool
	store  app.Store
	site   foule.Site
}

// declare reads the arguments, with flags of the command's own, and the site.
// The caller closes the store.
func declare(ctx context.Context, what string, args []string, own func(*flag.FlagSet)) (*declaration, error) {
	d := &declaration{}
	d.verb, args = verbOf(args)
	f := flags(what + " " + d.verb)
	site, id := f.Uint("site", 0, ""), f.Uint("id", 0, "")
	f.BoolVar(&d.asJSON, "json", false, "")
	own(f)
	_, store, words, err := open(what+" "+d.verb, args, f)
	if err != nil {
		return nil, err
	}
	d.store, d.words, d.id = store, words, uint32(*id)
	if d.site, err = store.Site(ctx, foule.SiteID(*site)); err != nil {
		return nil, errors.Join(fmt.Errorf("site %d: %w", *site, err), store.Close())
	}
	return d, nil
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
	var steps texts
	d, err := declare(ctx, "funnel", args, func(f *flag.FlagSet) { f.Var(&steps, "step", "") })
	if err != nil {
		return err
	}
	defer d.store.Close()
	return d.funnel(ctx, e, steps)
}

func (d *declaration) funnel(ctx context.Context, e env, steps []string) error {
	s := &d.site
	switch verb := d.verb; {
	case verb == "list":
		for _, fn := range s.Funnels {
			if err := e.print(d.asJSON, map[string]any{"id": fn.ID, "name": fn.Name, "steps": len(fn.Steps), "active": !fn.Off},
				"%d\t%s\t%d steps\t%s", fn.ID, fn.Name, len(fn.Steps), onOff(!fn.Off)); err != nil {
				return err
			}
		}
		return nil
	case verb == "add" && len(d.words) == 1:
		var list []foule.FunnelStep
		for _, text := range steps {
			step, err := parseStep(text)
			if err != nil {
				return err
			}
			list = append(list, step)
		}
		fn := s.AddFunnel(d.words[0], list)
		if _, err := anonymize.CompileSite(*s); err != nil {
			return err
		}
		if err := d.store.UpdateSite(ctx, *s); err != nil {
			return err
		}
		return e.print(d.asJSON, map[string]any{"id": fn.ID, "name": fn.Name, "steps": len(fn.Steps)}, "%d", fn.ID)
	case verb == "off" || verb == "on":
		for i := range s.Funnels {
			if s.Funnels[i].ID == d.id {
				s.Funnels[i].Off = verb == "off"
				return d.store.UpdateSite(ctx, *s)
			}
		}
		return fmt.Errorf("site %d has no funnel %d", s.ID, d.id)
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
