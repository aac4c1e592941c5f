package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/ingest"
	"foule.eu/foule/ingest/journal"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/storage/move"
)

// moveFlags are the command's own.
type moveFlags struct {
	from, to                 string
	fromPassword, toPassword string
	add, json                bool
}

func (m *moveFlags) declare(f *flag.FlagSet) {
	f.StringVar(&m.from, "from", "", "")
	f.StringVar(&m.to, "to", "", "")
	f.StringVar(&m.fromPassword, "from-password-file", "", "")
	f.StringVar(&m.toPassword, "to-password-file", "", "")
	f.BoolVar(&m.add, "add", false, "")
	f.BoolVar(&m.json, "json", false, "")
}

// moveCommand carries a store's content to another store and verifies it.
func moveCommand(ctx context.Context, e env, args []string) error {
	f, own := flags("move"), moveFlags{}
	own.declare(f)
	c, err := load("move", args, f)
	if err != nil {
		return err
	}
	if f.NArg() > 0 || own.from == "" || own.to == "" {
		return fmt.Errorf("%w: say 'move --from sqlite:PATH --to clickhouse://USER@HOST:9000/DATABASE', or the other way round", errUsage)
	}
	from, to := app.PlaceOf(c), app.PlaceOf(c)
	from.Address, from.PasswordFile = own.from, own.fromPassword
	to.Address, to.PasswordFile = own.to, own.toPassword
	o, err := openEnds(ctx, from, to)
	if err != nil {
		return err
	}
	defer o.From.Close()
	defer o.To.Close()
	release, err := holdCollectors(c, from, to)
	if err != nil {
		return err
	}
	defer release()
	meter := newMeter(e.err)
	o.Add, o.Now, o.Progress = own.add, time.Now, meter.show
	o.Keep = (foule.DayOf(time.Now(), time.UTC).Month() - foule.Month(c.RetentionMonths) + 1).First()
	fmt.Fprintf(e.err, "from %s\nto   %s\n", from.Shown(), to.Shown())
	result, err := move.Run(ctx, o)
	meter.end()
	if err != nil {
		return err
	}
	if own.json {
		err = json.NewEncoder(e.out).Encode(moveAnswer(&result))
	} else {
		err = e.printMove(&result)
	}
	if n := len(result.Check.Differences); n > 0 {
		return errors.Join(err, fmt.Errorf("the stores differ in %d places: did something write to one of them? Find out before you use the target", n))
	}
	return err
}

// openEnds opens both stores and looks whether they are fit for it.
func openEnds(ctx context.Context, from, to app.Place) (o move.Options, err error) {
	if !from.Exists() {
		return o, fmt.Errorf("there is no store at %s", from.Shown())
	}
	origin, err1 := from.Origin()
	target, err2 := to.Origin()
	if err := errors.Join(err1, err2); err != nil {
		return o, err
	}
	if origin == target {
		return o, fmt.Errorf("%w: both ends are %s", errUsage, origin)
	}
	a, err := from.Open(clickhouse.UseAll)
	if err != nil {
		return o, fmt.Errorf("--from: %w", err)
	}
	b, err := to.Open(clickhouse.UseAll)
	if err != nil {
		return o, errors.Join(fmt.Errorf("--to: %w", err), a.Close())
	}
	if err := errors.Join(app.Check(ctx, a), app.Check(ctx, b)); err != nil {
		return o, errors.Join(err, a.Close(), b.Close())
	}
	return move.Options{From: a, To: b, Origin: origin}, nil
}

// holdCollectors keeps collectors from starting over the data folder, and those
// of embedded stores, until release is called; it refuses while one runs there.
func holdCollectors(c config.Config, ends ...app.Place) (release func(), err error) {
	dirs := []string{collectorFolder(c)}
	for _, p := range ends {
		if path, embedded := p.Path(); embedded {
			dirs = append(dirs, filepath.Join(filepath.Dir(path), "collector"))
		}
	}
	var held []func()
	release = func() {
		for _, f := range held {
			f()
		}
	}
	seen := map[string]bool{}
	for _, dir := range dirs {
		real, err := filepath.EvalSymlinks(dir)
		if errors.Is(err, os.ErrNotExist) || seen[real] {
			continue
		}
		seen[real] = true
		f, err := ingest.Hold(dir)
		if err != nil {
			release()
			if errors.Is(err, journal.ErrLocked) {
				err = fmt.Errorf("a collector runs over %s: stop it first, as its hits would be missing from the copy: %w", dir, err)
			}
			return nil, err
		}
		held = append(held, f)
	}
	return release, nil
}

// moved is a move's result for scripts.
type moved struct {
	ID          string            `json:"id"`
	Resumed     bool              `json:"resumed"`
	Sites       int               `json:"sites"`
	Users       int               `json:"users"`
	Tokens      int               `json:"tokens"`
	Erasures    int               `json:"erasures"`
	Parts       int               `json:"parts"`
	LeftOut     int               `json:"left_out"`
	Rows        int64             `json:"rows"`
	Equal       bool              `json:"equal"`
	Months      []movedMonth      `json:"months"`
	Differences []movedDifference `json:"differences"`
}

type movedMonth struct {
	Site       foule.SiteID `json:"site"`
	Month      string       `json:"month"`
	Rows       int64        `json:"rows"`
	Dimensions int          `json:"dimensions"`
	Visits     int64        `json:"visits"`
	Visitors   int64        `json:"visitors"`
	Hits       int64        `json:"hits"`
	Equal      bool         `json:"equal"`
}

type movedDifference struct {
	Site      foule.SiteID     `json:"site"`
	Month     string           `json:"month"`
	Grain     string           `json:"grain"`
	Dimension string           `json:"dimension"`
	By        string           `json:"by,omitempty"`
	Rows      int64            `json:"rows"`
	From      map[string]int64 `json:"from"`
	To        map[string]int64 `json:"to"`
}

func moveAnswer(r *move.Result) moved {
	a := moved{
		ID: r.ID, Resumed: r.Resumed, Sites: r.Sites, Users: r.Users, Tokens: r.Tokens, Erasures: r.Erased, Parts: r.Parts, LeftOut: r.LeftOut, Rows: r.Rows,
		Equal: r.Check.Equal(), Months: []movedMonth{}, Differences: []movedDifference{},
	}
	for _, m := range r.Check.Months {
		a.Months = append(a.Months, movedMonth{m.Site, m.Month.String(), m.Rows, m.Dimensions, m.Visits, m.Visitors, m.Hits, m.Equal})
	}
	for _, d := range r.Check.Differences {
		x := movedDifference{Site: d.Site, Month: d.Month.String(), Grain: d.Grain, Dimension: d.Dim.String(), By: d.By.String(), Rows: d.Rows, From: map[string]int64{}, To: map[string]int64{}}
		for i := range foule.Metric(foule.NumMetrics) {
			if d.From[i] != d.To[i] {
				x.From[i.String()], x.To[i.String()] = d.From[i], d.To[i]
			}
		}
		a.Differences = append(a.Differences, x)
	}
	return a
}

// printMove writes a result for people.
func (e env) printMove(r *move.Result) error {
	fmt.Fprintf(e.out, "copied %d sites, %d users, %d tokens and %d rows; %d days of sites in all", r.Sites, r.Users, r.Tokens, r.Rows, r.Parts)
	if r.LeftOut > 0 {
		fmt.Fprintf(e.out, ", %d more are older than the retention and stay behind", r.LeftOut)
	}
	fmt.Fprint(e.out, "\n\n")
	t := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "site\tmonth\trows\tdimensions\tvisits\tvisitors\thits\t\t\n")
	for _, m := range r.Check.Months {
		verdict := "equal"
		if !m.Equal {
			verdict = "DIFFERENT"
		}
		fmt.Fprintf(t, "%d\t%v\t%d\t%d\t%d\t%d\t%d\t%s\t\n", m.Site, m.Month, m.Rows, m.Dimensions, m.Visits, m.Visitors, m.Hits, verdict)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, d := range moveAnswer(r).Differences {
		where := d.Dimension
		if where == "" {
			where = "total"
		}
		if d.By != "" {
			where += " by " + d.By
		}
		fmt.Fprintf(e.out, "\nsite %d, %s, %s, by %s: %d rows differ; source %v, target %v\n", d.Site, d.Month, where, d.Grain, d.Rows, d.From, d.To)
	}
	if r.Check.Equal() {
		fmt.Fprint(e.out, "\nboth stores hold the same; set store to the target and start the collector\n")
	}
	return nil
}
