package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/storage/sqlite"
)

// migration is what 'migrate' tells.
type migration struct {
	Server  string          `json:"server"`
	Version string          `json:"version,omitempty"` // of the server's program
	From    int             `json:"from"`              // version of the tables
	To      int             `json:"to"`
	Steps   []migrationStep `json:"steps"`
	Applied bool            `json:"applied"`
	Setup   string          `json:"setup,omitempty"`
}

// migrationStep is one step.
type migrationStep struct {
	Name string   `json:"name"`
	SQL  []string `json:"sql,omitempty"`
}

// migrateCommand makes the store's tables or brings them up to date, after
// saying how, and does the first start. It asks nothing, so that scripts can run
// it; with --dry-run it only says.
func migrateCommand(ctx context.Context, e env, args []string) error {
	f := flags("migrate")
	dry := f.Bool("dry-run", false, "")
	asJSON := f.Bool("json", false, "")
	c, err := load("migrate", args, f)
	if err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("%w: %q stands where no word belongs", errUsage, f.Arg(0))
	}
	m := migrator{env: e, config: c, place: app.PlaceOf(c), dry: *dry, quiet: *asJSON}
	if path, embedded := m.place.Path(); embedded {
		err = m.file(ctx, path)
	} else {
		err = m.server(ctx)
	}
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(e.out).Encode(m.told)
	}
	m.end()
	return nil
}

// migrator is a migration under way.
type migrator struct {
	env    env
	config config.Config
	place  app.Place
	dry    bool
	quiet  bool // what is told is printed at the end, as JSON
	told   migration
}

func (m *migrator) server(ctx context.Context) error {
	store, err := m.place.Server(clickhouse.UseAll)
	if err != nil {
		return err
	}
	defer store.Close()
	plan, err := store.Plan(ctx)
	if err != nil {
		return err
	}
	m.told = migration{Server: plan.Server, Version: plan.Version, From: plan.From, To: plan.To}
	for _, s := range plan.Steps {
		m.told.Steps = append(m.told.Steps, migrationStep{s.Name, s.SQL})
	}
	m.show()
	if m.dry {
		return nil
	}
	err = store.Migrate(ctx, func(s clickhouse.Step) { m.say("done: %s\n", s.Name) })
	if err != nil {
		return err
	}
	return m.first(ctx, store)
}

// file opens the embedded store, which migrates as it is opened.
func (m *migrator) file(ctx context.Context, path string) error {
	from, to, steps, err := sqlite.Version(ctx, path)
	if err != nil {
		return err
	}
	m.told = migration{Server: m.place.Shown(), From: from, To: to}
	for _, name := range steps {
		m.told.Steps = append(m.told.Steps, migrationStep{Name: strings.TrimSuffix(name, ".sql")})
	}
	m.show()
	if m.dry {
		return nil
	}
	store, err := m.place.Open(clickhouse.UseAll)
	if err != nil {
		return err
	}
	defer store.Close()
	for _, s := range m.told.Steps {
		m.say("done: %s\n", s.Name)
	}
	return m.first(ctx, store)
}

// first makes site 1 and an admin where there are none.
func (m *migrator) first(ctx context.Context, store app.Store) error {
	m.told.Applied = true
	secret, err := app.FirstStart(ctx, store, app.NewAuth(m.config, store, app.Log(m.env.err, m.config.LogLevel)))
	if err != nil {
		return err
	}
	m.told.Setup = app.SetupLink(dashboardURL(m.config), secret)
	return nil
}

func (m *migrator) say(text string, args ...any) {
	if !m.quiet {
		fmt.Fprintf(m.env.out, text, args...)
	}
}

// show prints the plan; with --dry-run every statement of it.
func (m *migrator) show() {
	t := &m.told
	if t.Version != "" {
		m.say("%s, ClickHouse %s\n", t.Server, t.Version)
	} else {
		m.say("%s\n", t.Server)
	}
	m.say("tables: version %d, this program needs %d\n", t.From, t.To)
	for _, s := range t.Steps {
		m.say("  %s\n", s.Name)
		for _, statement := range s.SQL {
			if m.dry {
				m.say("\n%s;\n", indented(statement))
			}
		}
	}
}

func indented(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }

// end says what it came to.
func (m *migrator) end() {
	switch {
	case len(m.told.Steps) == 0:
		m.say("there is nothing to do\n")
	case m.dry:
		m.say("nothing was changed\n")
	}
	if m.told.Setup != "" {
		m.say("first log-in (once, within 24 hours): %s\n", m.told.Setup)
	}
}
