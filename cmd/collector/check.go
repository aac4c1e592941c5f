package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/anonymize/geo"
	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/internal/guard"
	"foule.eu/foule/privacy"
	"foule.eu/foule/storage/clickhouse"
)

// checkup is what 'check' finds out.
type checkup struct {
	config config.Config
	said   []string // facts, a line each
	faults []error
	sites  []checkedSite
}

func (k *checkup) say(format string, args ...any) {
	k.said = append(k.said, fmt.Sprintf(format, args...))
}

func (k *checkup) fault(err error) {
	if err != nil {
		k.faults = append(k.faults, err)
	}
}

// checkedSite is a site and how it stands to the requirements.
type checkedSite struct {
	ID        foule.SiteID      `json:"id"`
	Name      string            `json:"name"`
	Preset    string            `json:"preset"`
	Hash      string            `json:"hash"`
	Statement *privacy.Text     `json:"statement"`
	Findings  []privacy.Finding `json:"findings"`
}

// checkCommand validates the configuration, the store and the sites in it, says
// what is in force, and how each site stands to the privacy requirements.
func checkCommand(ctx context.Context, e env, args []string) error {
	f := flags("check")
	asJSON, lang := f.Bool("json", false, ""), f.String("lang", "en", "")
	c, words, err := wordsAndSettings("check", args, f)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return fmt.Errorf("%w: %q stands where no word belongs", errUsage, words[0])
	}
	if !slices.Contains(privacy.Languages, *lang) {
		return fmt.Errorf("%w: --lang is en or fr, not %q", errUsage, *lang)
	}
	k := &checkup{config: c}
	k.installation()
	k.fault(k.store(ctx))
	faults := errors.Join(k.faults...)
	if *asJSON {
		return errors.Join(k.writeJSON(e.out), faults)
	}
	k.write(e.out, *lang)
	if faults == nil {
		fmt.Fprintln(e.out, "all is well")
	}
	return faults
}

// installation looks at what needs no store.
func (k *checkup) installation() {
	c := k.config
	k.say("small numbers: %s, a label has a name from %d visitors of a day on, in filtered reports from %d", c.SmallNumbers, c.KPlain, c.KFiltered)
	if path := geoFile(c); path == "" {
		k.say("places: no file, countries stay unknown")
	} else if db, err := geo.Open(path); err != nil {
		k.fault(err)
	} else {
		k.say("places: %s", db.Describe())
		k.fault(db.Close())
	}
	if c.RuntimeDir != "" {
		k.fault(anonymize.CheckRuntimeDir(c.RuntimeDir))
		k.parked()
	}
	k.say("memory: %s", guard.Memory())
	left := everywhere(c)
	k.fault(left.Validate())
	_, err := referrer.OpenSpamList(spamFile(c))
	k.fault(err)
}

// parked removes visitor keys that a collector left for its next start, if it
// did not come in time.
func (k *checkup) parked() {
	gone, err := anonymize.NewSecrets(0, time.Now).ForgetStale(k.config.RuntimeDir)
	if gone {
		k.say("runtime folder: parked visitor keys, whose time is over, were removed")
	}
	k.fault(err)
}

func (k *checkup) store(ctx context.Context) error {
	place := app.PlaceOf(k.config)
	if !place.Exists() {
		path, _ := place.Path()
		k.say("store: there is none yet at %s; 'collector run' makes it", path)
		return nil
	}
	store, err := place.Open(useOf(k.config))
	if err != nil {
		return err
	}
	defer store.Close()
	if server, ok := store.(*clickhouse.Store); ok {
		if err := k.server(ctx, server); err != nil {
			return err
		}
	}
	sites, err := store.Sites(ctx)
	if err != nil {
		return err
	}
	k.say("store: %s, %d sites", place.Shown(), len(sites))
	in := facts(k.config, usualBase(k.config))
	for i := range sites {
		_, err := anonymize.CompileSite(sites[i])
		k.fault(err)
		k.sites = append(k.sites, checkSite(&sites[i], &in, todayAt(&sites[i])))
	}
	return contradictions(&in, sites)
}

// checkSite judges a site.
func checkSite(site *foule.Site, in *privacy.Install, today foule.Day) checkedSite {
	findings := privacy.Check(site, in, today)
	s := checkedSite{ID: site.ID, Name: site.Name, Preset: privacy.NameOf(site.Privacy.Preset), Hash: privacy.Hash(privacy.Configuration(in, site)), Findings: findings}
	if statement, ok := privacy.Statement(site, findings); ok {
		s.Statement = &statement
	}
	return s
}

// write prints what was found for people.
func (k *checkup) write(w io.Writer, lang string) {
	config.Describe(w, config.Values(k.config)...)
	for _, line := range k.said {
		fmt.Fprintln(w, line)
	}
	for _, s := range k.sites {
		n := privacy.Counted(s.Findings)
		fmt.Fprintf(w, "\n"+standing.In(lang)+"\n%s\n", s.ID, s.Name, s.Preset, n[privacy.Pass], n[privacy.Fail], n[privacy.Yours], s.Hash)
		if s.Statement != nil {
			fmt.Fprintln(w, s.Statement.In(lang))
		}
		for _, f := range s.Findings {
			fmt.Fprintf(w, found.In(lang), f.ID, f.Weight, f.Status.Title().In(lang), f.Title.In(lang), f.Reason.In(lang))
		}
	}
	if len(k.sites) > 0 {
		fmt.Fprintf(w, "\n%s\n", privacy.SecondHand.In(lang))
	}
}

// standing sums a site up.
var standing = privacy.Text{
	EN: "site %d, %s: preset %s; of the privacy requirements %d are met by the settings, %d are not, %d are yours to do",
	FR: "site %d, %s : préréglage %s ; des exigences de vie privée, %d sont satisfaites par les réglages, %d ne le sont pas, %d vous reviennent",
}

// found is a line of the list.
var found = privacy.Text{EN: "  %-4s %-3s %-17s %s: %s\n", FR: "  %-4s %-3s %-23s %s : %s\n"}

// writeJSON prints what was found for programs.
func (k *checkup) writeJSON(w io.Writer) error {
	settings := map[string]string{}
	for i, value := range config.Values(k.config) {
		settings[config.Settings[i].Name] = value
	}
	faults := []string{}
	for _, err := range k.faults {
		faults = append(faults, strings.Split(err.Error(), "\n")...)
	}
	sites := k.sites
	if sites == nil {
		sites = []checkedSite{}
	}
	return json.NewEncoder(w).Encode(map[string]any{
		"ok": len(faults) == 0, "version": app.Version(), "settings": settings, "facts": k.said, "faults": faults, "sites": sites, "note": privacy.SecondHand,
	})
}

// server says what a ClickHouse server is, and everything that is wrong with it
// for this use.
func (k *checkup) server(ctx context.Context, server *clickhouse.Store) error {
	plan, err := server.Plan(ctx)
	if err != nil {
		return err
	}
	cluster := "no cluster"
	if k.config.ClickHouseCluster != "" {
		cluster = "cluster " + k.config.ClickHouseCluster
	}
	k.say("server: %s, ClickHouse %s, %s", plan.Server, plan.Version, cluster)
	k.say("tables: version %d, this program needs %d", plan.From, plan.To)
	if err := server.Check(ctx); err != nil {
		return err
	}
	if len(plan.Steps) > 0 { // of up-to-date tables: the retention alone
		return fmt.Errorf("the tables do not keep %d months yet, as retention-months says: run collector migrate", k.config.RetentionMonths)
	}
	what := "as collector and dashboard"
	if server.Use == clickhouse.UseCollector {
		what = "as a collector without dashboard"
	}
	k.say("rights: the user may do what is needed %s", what)
	k.say("retention: %d months", k.config.RetentionMonths)
	return nil
}
