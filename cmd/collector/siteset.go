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
	"foule.eu/foule/internal/config"
	"foule.eu/foule/privacy"
)

const (
	saySiteSet = "say 'site set ID' with --preset none|cnil|no-visitor-key, --collect or --leave FEATURE,…, --rounded, --consent or --ignore-dnt on|off, " +
		"--scrub REGEXP … or --no-scrub, --controller, --contact, --policy-url, --reviewed today|DATE"
	saySitePrivacy = "say 'site privacy ID'"
)

// wishes are what 'site set' is asked to change; nil is left as it is.
type wishes struct {
	given                            map[string]bool
	preset, controller, contact, url string
	collect, leave                   list
	rounded, consent, ignoreDNT      onOffFlag
	scrub                            texts
	noScrub                          bool
	reviewed                         string
}

func (w *wishes) flags(f *flag.FlagSet) {
	f.StringVar(&w.preset, "preset", "", "")
	f.Var(&w.collect, "collect", "")
	f.Var(&w.leave, "leave", "")
	f.Var(&w.rounded, "rounded", "")
	f.Var(&w.consent, "consent", "")
	f.Var(&w.ignoreDNT, "ignore-dnt", "")
	f.Var(&w.scrub, "scrub", "")
	f.BoolVar(&w.noScrub, "no-scrub", false, "")
	f.StringVar(&w.controller, "controller", "", "")
	f.StringVar(&w.contact, "contact", "", "")
	f.StringVar(&w.url, "policy-url", "", "")
	f.StringVar(&w.reviewed, "reviewed", "", "")
}

// onOffFlag is a flag that says on or off.
type onOffFlag bool

func (o *onOffFlag) String() string { return "" }
func (o *onOffFlag) Set(s string) error {
	switch s {
	case "on":
		*o = true
	case "off":
		*o = false
	default:
		return errors.New("say on or off")
	}
	return nil
}

// siteSet changes what a site promises. All of it is refused, with the reasons,
// if some of it may not be.
func siteSet(ctx context.Context, e env, args []string) error {
	w := &wishes{given: map[string]bool{}}
	s, err := openSite(ctx, "site set", saySiteSet, args, w.flags)
	if err != nil {
		return err
	}
	defer s.store.Close()
	s.flags.Visit(func(f *flag.Flag) { w.given[f.Name] = true })
	if err := w.apply(&s.site, todayAt(&s.site), &s.install); err != nil {
		return err
	}
	if _, err := anonymize.CompileSite(s.site); err != nil {
		return err
	}
	if err := s.store.UpdateSite(ctx, s.site); err != nil {
		return err
	}
	return showPrivacy(e, s)
}

// sitePrivacy shows what a site promises.
func sitePrivacy(ctx context.Context, e env, args []string) error {
	s, err := openSite(ctx, "site privacy", saySitePrivacy, args, func(*flag.FlagSet) {})
	if err != nil {
		return err
	}
	defer s.store.Close()
	return showPrivacy(e, s)
}

// opened is a command's site, with what is around it.
type opened struct {
	config  config.Config
	flags   *flag.FlagSet
	store   app.Store
	site    foule.Site
	install privacy.Install
	asJSON  bool
}

// openSite reads a command whose only word is a site's number. The caller
// closes the store.
func openSite(ctx context.Context, name, usage string, args []string, own func(*flag.FlagSet)) (*opened, error) {
	o := &opened{flags: flags(name)}
	o.flags.BoolVar(&o.asJSON, "json", false, "")
	own(o.flags)
	c, store, words, err := open(name, args, o.flags)
	if err != nil {
		return nil, err
	}
	o.config, o.store, o.install = c, store, facts(c, usualBase(c))
	id, bad := uint64(0), len(words) != 1
	if !bad {
		id, err = strconv.ParseUint(words[0], 10, 32)
		bad = err != nil
	}
	if bad {
		return nil, errors.Join(fmt.Errorf("%w: %s", errUsage, usage), store.Close())
	}
	if o.site, err = store.Site(ctx, foule.SiteID(id)); err != nil {
		return nil, errors.Join(fmt.Errorf("site %d: %w", id, err), store.Close())
	}
	return o, nil
}

// apply makes the changes, in the order in which one may stand on another: the
// preset first.
func (w *wishes) apply(site *foule.Site, today foule.Day, in *privacy.Install) error {
	if w.given["preset"] {
		preset := foule.Preset(w.preset)
		if w.preset == "none" {
			preset = foule.PresetNone
		}
		if err := refused(privacy.Choose(site, preset, today, in)); err != nil {
			return err
		}
	}
	if err := refused(privacy.Collect(site, features(w.collect), features(w.leave))); err != nil {
		return err
	}
	p := &site.Privacy
	set(w.given["rounded"], &p.Rounded, bool(w.rounded))
	set(w.given["consent"], &p.Consent, bool(w.consent))
	set(w.given["ignore-dnt"], &site.IgnoreDNT, bool(w.ignoreDNT))
	set(w.given["scrub"] || w.noScrub, &p.Scrub, []string(w.scrub))
	set(w.given["controller"], &p.Controller, w.controller)
	set(w.given["contact"], &p.Contact, w.contact)
	set(w.given["policy-url"], &p.PolicyURL, w.url)
	if w.given["reviewed"] {
		day, err := foule.ParseDay(w.reviewed)
		if w.reviewed == "today" {
			day, err = today, nil
		}
		if err != nil || day > today {
			return fmt.Errorf("%w: --reviewed: %q is neither today nor an earlier day like 2026-11-29", errUsage, w.reviewed)
		}
		p.Reviewed = day
	}
	return refused(privacy.Refusals(site))
}

// set puts a value in its place if it was given.
func set[T any](given bool, place *T, value T) {
	if given {
		*place = value
	}
}

func features(names []string) (list []foule.Feature) {
	for _, name := range names {
		list = append(list, foule.Feature(strings.TrimSpace(name)))
	}
	return list
}

// refused makes one error of refusals.
func refused(refusals []privacy.Refusal) error {
	var faults []error
	for _, r := range refusals {
		faults = append(faults, r)
	}
	return errors.Join(faults...)
}

// shownFeature is a feature as 'site privacy --json' has it.
type shownFeature struct {
	Name        foule.Feature `json:"name"`
	Title       string        `json:"title"`
	Collected   bool          `json:"collected"`
	WithConsent bool          `json:"with_consent"` // of visits with consent alone
	Pinned      bool          `json:"pinned"`
	Rule        string        `json:"rule,omitempty"`
	Reason      string        `json:"reason,omitempty"`
}

func featuresOf(site *foule.Site) (shown []shownFeature) {
	p := privacy.Of(site)
	for i := range privacy.Features {
		f := &privacy.Features[i]
		row := shownFeature{Name: f.Name, Title: f.Title.EN, Collected: p.Collects(f.Name, false), WithConsent: p.ConsentOnly(f.Name)}
		if pin, pinned := p.Preset.Pin(f.Name); pinned {
			row.Pinned, row.Rule, row.Reason = true, pin.Rule, pin.Reason.EN
		}
		shown = append(shown, row)
	}
	return shown
}

// showPrivacy prints what a site promises.
func showPrivacy(e env, s *opened) error {
	p, privately := privacy.Of(&s.site), &s.site.Privacy
	hash := privacy.Hash(privacy.Configuration(&s.install, &s.site))
	features := featuresOf(&s.site)
	preset := privacy.NameOf(privately.Preset)
	if s.asJSON {
		return e.print(true, map[string]any{
			"id": s.site.ID, "name": s.site.Name, "preset": preset, "since": privacy.DateOf(privately.Since), "rounded": p.Rounded, "ignore_dnt": p.IgnoreDNT, "consent": p.Consent,
			"features": features, "scrub": append([]string{}, privately.Scrub...), "controller": privately.Controller, "contact": privately.Contact,
			"policy_url": privately.PolicyURL, "reviewed": privacy.DateOf(privately.Reviewed), "hash": hash,
		}, "")
	}
	fmt.Fprintf(e.out, "site %d, %s\n  preset      %s %s\n  rounded     %t\n  ignore-dnt  %t\n  consent     %t\n  reviewed    %s\n  controller  %s\n  contact     %s\n  policy-url  %s\n",
		s.site.ID, s.site.Name, preset, privacy.DateOf(privately.Since), p.Rounded, p.IgnoreDNT, p.Consent, privacy.DateOf(privately.Reviewed),
		s.install.ControllerOf(&s.site), s.install.ContactOf(&s.site), privately.PolicyURL)
	for _, pattern := range privately.Scrub {
		fmt.Fprintf(e.out, "  scrub       %s\n", pattern)
	}
	for _, f := range features {
		how := "left alone"
		switch {
		case f.Collected:
			how = "collected"
		case f.WithConsent:
			how = "with consent"
		}
		if f.Pinned {
			how += fmt.Sprintf(", pinned by %s: %s", f.Rule, f.Reason)
		}
		fmt.Fprintf(e.out, "  %-15s %s\n", f.Name, how)
	}
	fmt.Fprintln(e.out, "  "+hash)
	return nil
}
