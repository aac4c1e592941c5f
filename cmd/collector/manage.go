package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
)

// open reads the configuration, with the command's own flags, and opens the
// store. words before the first flag are given back.
func open(name string, args []string, own *flag.FlagSet) (config.Config, app.Store, []string, error) {
	c, words, err := wordsAndSettings(name, args, own)
	if err != nil {
		return c, nil, nil, err
	}
	store, err := app.PlaceOf(c).Open(clickhouse.UseDashboard)
	return c, store, words, err
}

// wordsAndSettings reads the configuration for a command that opens no store,
// and gives the words among its arguments.
func wordsAndSettings(name string, args []string, own *flag.FlagSet) (config.Config, []string, error) {
	var words []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		words, args = append(words, args[0]), args[1:]
	}
	c, err := load(name, args, own)
	return c, append(words, own.Args()...), err
}

func flags(name string) *flag.FlagSet { return flag.NewFlagSet(name, flag.ContinueOnError) }

// print writes what a command made, as JSON or as a line for people.
func (e env) print(asJSON bool, v any, line string, args ...any) error {
	if asJSON {
		return json.NewEncoder(e.out).Encode(v)
	}
	_, err := fmt.Fprintf(e.out, line+"\n", args...)
	return err
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, strings.Split(s, ",")...); return nil }

func siteCommand(ctx context.Context, e env, args []string) error {
	switch {
	case len(args) > 0 && args[0] == "add":
		return siteAdd(ctx, e, args[1:])
	case len(args) > 0 && args[0] == "list":
		return siteList(ctx, e, args[1:])
	case len(args) > 0 && args[0] == "set":
		return siteSet(ctx, e, args[1:])
	case len(args) > 0 && args[0] == "privacy":
		return sitePrivacy(ctx, e, args[1:])
	}
	return fmt.Errorf("%w: say 'site add NAME --domain HOST', 'site list', 'site set ID …' or 'site privacy ID'", errUsage)
}

func siteAdd(ctx context.Context, e env, args []string) error {
	f := flags("site add")
	var hosts list
	f.Var(&hosts, "domain", "")
	zone := f.String("timezone", "UTC", "")
	currency := f.String("currency", "EUR", "")
	asJSON := f.Bool("json", false, "")
	_, store, words, err := open("site add", args, f)
	if err != nil {
		return err
	}
	defer store.Close()
	if len(words) != 1 {
		return fmt.Errorf("%w: say 'site add NAME --domain HOST'", errUsage)
	}
	site := foule.Site{Name: words[0], Hosts: hosts, Timezone: *zone, Currency: *currency, Created: time.Now().Unix()}
	if _, err := anonymize.CompileSite(site); err != nil {
		return err
	}
	id, err := store.AddSite(ctx, site)
	if err != nil {
		return err
	}
	return e.print(*asJSON, map[string]any{"id": id, "name": site.Name}, "%d", id)
}

func siteList(ctx context.Context, e env, args []string) error {
	f := flags("site list")
	asJSON := f.Bool("json", false, "")
	_, store, _, err := open("site list", args, f)
	if err != nil {
		return err
	}
	defer store.Close()
	sites, err := store.Sites(ctx)
	if err != nil {
		return err
	}
	for _, s := range sites {
		err := e.print(*asJSON, map[string]any{"id": s.ID, "name": s.Name, "domains": s.Hosts, "timezone": s.Timezone},
			"%d\t%s\t%s\t%s", s.ID, s.Name, strings.Join(s.Hosts, ","), s.Timezone)
		if err != nil {
			return err
		}
	}
	return nil
}

func goalCommand(ctx context.Context, e env, args []string) error {
	if len(args) == 0 || args[0] != "add" {
		return fmt.Errorf("%w: say 'goal add NAME --site ID --match ATTRIBUTE --pattern TEXT'", errUsage)
	}
	f := flags("goal add")
	site := f.Uint("site", 0, "")
	match := f.String("match", string(foule.MatchURL), "")
	pattern := f.String("pattern", "", "")
	kind := f.String("pattern-type", string(foule.PatternContains), "")
	sensitive := f.Bool("case-sensitive", false, "")
	multiple := f.Bool("multiple", false, "")
	revenue := f.Float64("revenue", 0, "")
	eventValue := f.Bool("event-value-as-revenue", false, "")
	asJSON := f.Bool("json", false, "")
	_, store, words, err := open("goal add", args[1:], f)
	if err != nil {
		return err
	}
	defer store.Close()
	if len(words) != 1 || *site == 0 {
		return fmt.Errorf("%w: say 'goal add NAME --site ID …'", errUsage)
	}
	s, err := store.Site(ctx, foule.SiteID(*site))
	if err != nil {
		return fmt.Errorf("site %d: %w", *site, err)
	}
	goal := foule.Goal{
		Name: words[0], Match: foule.Match(*match), Pattern: *pattern, PatternType: foule.Pattern(*kind), CaseSensitive: *sensitive,
		Multiple: *multiple, RevenueMinor: int64(math.Round(*revenue * 100)), EventValue: *eventValue,
	}
	s.Goals = append(s.Goals, goal)
	if _, err := anonymize.CompileSite(s); err != nil {
		return err
	}
	id, err := store.AddGoal(ctx, s.ID, goal)
	if err != nil {
		return err
	}
	return e.print(*asJSON, map[string]any{"id": id, "site": s.ID, "name": goal.Name}, "%d", id)
}

func tokenCommand(ctx context.Context, e env, args []string) error {
	if len(args) == 0 || args[0] != "create" {
		return fmt.Errorf("%w: say 'token create --name NAME --scope read|write|admin'", errUsage)
	}
	f := flags("token create")
	name := f.String("name", "", "")
	scope := f.String("scope", string(storage.RoleRead), "")
	site := f.Uint("site", 0, "")
	asJSON := f.Bool("json", false, "")
	_, store, _, err := open("token create", args[1:], f)
	if err != nil {
		return err
	}
	defer store.Close()
	if *name == "" || !storage.Role(*scope).Allows(storage.RoleRead) {
		return fmt.Errorf("%w: a token needs --name and a --scope of read, write or admin", errUsage)
	}
	secret, hash := storage.NewSecret()
	id, err := store.AddToken(ctx, storage.Token{
		Hash: hash, Name: *name, Scope: storage.Role(*scope), Site: foule.SiteID(*site), Created: time.Now().Unix(),
	})
	if err != nil {
		return err
	}
	return e.print(*asJSON, map[string]any{"id": id, "token": secret, "scope": *scope}, "%s", secret)
}

// dashboardURL is the dashboard's address as far as a command knows it.
func dashboardURL(c config.Config) string {
	address := c.DashboardListen
	if address == "off" || address == "" {
		address = config.Default("dashboard-listen")
	}
	return cmp.Or(c.DashboardURL, "http://"+address)
}

func userCommand(ctx context.Context, e env, args []string) error {
	if len(args) == 0 || args[0] != "link" {
		return fmt.Errorf("%w: say 'user link'", errUsage)
	}
	f := flags("user link")
	email := f.String("email", "", "")
	asJSON := f.Bool("json", false, "")
	c, store, _, err := open("user link", args[1:], f)
	if err != nil {
		return err
	}
	defer store.Close()
	users, err := store.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		if *email != "" && !strings.EqualFold(u.Email, *email) || *email == "" && u.Role != storage.RoleAdmin {
			continue
		}
		secret, err := app.NewAuth(c, store, app.Log(e.err, c.LogLevel)).NewSetupLink(ctx, u.ID)
		if err != nil {
			return err
		}
		link := app.SetupLink(dashboardURL(c), secret)
		return e.print(*asJSON, map[string]any{"link": link}, "%s", link)
	}
	return fmt.Errorf("there is no such user")
}
