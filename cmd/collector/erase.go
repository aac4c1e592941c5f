package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mattn/go-isatty"

	"foule.eu/foule"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/storage"
)

const eraseUsage = "say 'erase site ID', 'erase range ID --from DAY --to DAY', 'erase label ID TEXT', 'erase repeat' or 'erase --list'"

// eraseFlags are the command's own.
type eraseFlags struct {
	from, to, dimension string
	contains, dryRun    bool
	yes, json, list     bool
}

func (o *eraseFlags) declare(f *flag.FlagSet) {
	f.StringVar(&o.from, "from", "", "")
	f.StringVar(&o.to, "to", "", "")
	f.StringVar(&o.dimension, "dimension", "", "")
	f.BoolVar(&o.contains, "contains", false, "")
	f.BoolVar(&o.dryRun, "dry-run", false, "")
	f.BoolVar(&o.yes, "yes", false, "")
	f.BoolVar(&o.json, "json", false, "")
	f.BoolVar(&o.list, "list", false, "")
}

// eraseCommand erases figures, or lists what was erased.
func eraseCommand(ctx context.Context, e env, args []string) error {
	f, own := flags("erase"), eraseFlags{}
	own.declare(f)
	_, store, words, err := open("erase", args, f)
	if err != nil {
		return err
	}
	defer store.Close()
	switch {
	case own.list && len(words) == 0:
		return e.eraseList(ctx, store, own.json)
	case len(words) == 1 && words[0] == "repeat":
		return store.RepeatErasures(ctx, time.Now())
	}
	order, err := own.order(words)
	if err != nil {
		return err
	}
	site, err := store.Site(ctx, order.Site)
	if err != nil {
		return fmt.Errorf("site %d: %w", order.Site, err)
	}
	var found []storage.FoundLabel
	if order.Kind == storage.ErasedLabel {
		found, err = store.FindLabels(ctx, order.Site, order.Match)
		if err != nil {
			return wrongOrder(err)
		}
	}
	if own.dryRun {
		return e.printFound(own.json, found)
	}
	if !own.yes {
		if err := e.confirm(&site, order, found); err != nil {
			return err
		}
	}
	done, err := store.Erase(ctx, order)
	if err != nil {
		return wrongOrder(err)
	}
	return e.printErasure(own.json, &done)
}

func wrongOrder(err error) error {
	if errors.Is(err, storage.ErrEraseOrder) {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}

// order reads what is to be erased.
func (o *eraseFlags) order(words []string) (order storage.EraseOrder, err error) {
	if len(words) < 2 {
		return order, fmt.Errorf("%w: %s", errUsage, eraseUsage)
	}
	id, err := strconv.ParseUint(words[1], 10, 32)
	if err != nil || id == 0 {
		return order, fmt.Errorf("%w: %q is no site's number; 'collector site list' shows them", errUsage, words[1])
	}
	order = storage.EraseOrder{Kind: storage.ErasureKind(words[0]), Site: foule.SiteID(id), At: time.Now()}
	switch {
	case order.Kind == storage.ErasedSite && len(words) == 2:
		err = o.only("")
	case order.Kind == storage.ErasedRange && len(words) == 2:
		if order.From, err = foule.ParseDay(o.from); err == nil {
			order.To, err = foule.ParseDay(o.to)
		}
		err = errors.Join(err, o.only("range"))
	case order.Kind == storage.ErasedLabel && len(words) == 3:
		order.Match = storage.LabelMatch{Text: words[2], Contains: o.contains}
		err = errors.Join(order.Match.Check(), o.only("label"))
		if known := false; o.dimension != "" {
			if order.Match.Dim, known = foule.ParseDimension(o.dimension); !known {
				err = fmt.Errorf("there is no dimension %q; docs/data.md lists them", o.dimension)
			}
		}
	default:
		err = errors.New(eraseUsage)
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", errUsage, err)
	}
	return order, err
}

// only refuses flags that say nothing about the kind: who gives them means
// something else than would be erased.
func (o *eraseFlags) only(kind string) error {
	switch {
	case kind != "range" && (o.from != "" || o.to != ""):
		return errors.New("--from and --to are of 'erase range'")
	case kind != "label" && (o.contains || o.dimension != "" || o.dryRun):
		return errors.New("--contains, --dimension and --dry-run are of 'erase label'")
	}
	return nil
}

// confirm asks on the terminal; elsewhere nobody can answer.
func (e env) confirm(site *foule.Site, o storage.EraseOrder, found []storage.FoundLabel) error {
	if e.in == nil {
		return fmt.Errorf("%w: nobody can be asked here: give --yes to erase without a question", errUsage)
	}
	want := "yes"
	switch o.Kind {
	case storage.ErasedSite:
		want = site.Name
		fmt.Fprintf(e.err, "Site %d (%s) goes with its settings, goals, tokens and all that was counted.\n", site.ID, site.Name)
	case storage.ErasedRange:
		fmt.Fprintf(e.err, "All that was counted of site %d (%s) from %s to %s goes.\n", site.ID, site.Name, o.From, o.To)
	case storage.ErasedLabel:
		if err := (env{out: e.err}).printFound(false, found); err != nil {
			return err
		}
		fmt.Fprintf(e.err, "What was counted of site %d (%s) under these moves into %s.\n", site.ID, site.Name, foule.Other)
	}
	fmt.Fprintf(e.err, "This cannot be undone. Type %q to go on: ", want)
	line, err := bufio.NewReader(e.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.TrimSpace(line) != want {
		return errors.New("nothing was erased")
	}
	return nil
}

// terminal gives the standard input if somebody sits at it.
func terminal() io.Reader {
	if !isatty.IsTerminal(os.Stdin.Fd()) {
		return nil
	}
	return os.Stdin
}

// printFound lists the labels that an erasure would take.
func (e env) printFound(asJSON bool, found []storage.FoundLabel) error {
	if !asJSON && len(found) == 0 {
		fmt.Fprintln(e.out, "no such label is there")
		return nil
	}
	t := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	if !asJSON {
		fmt.Fprint(t, "dimension\tlabel\trows\tdays\n")
	}
	line := env{out: t}
	for _, f := range found {
		err := line.print(asJSON, map[string]any{"dimension": f.Dim.String(), "label": f.Label, "rows": f.Rows, "days": f.Days},
			"%s\t%q\t%d\t%d", f.Dim, f.Label, f.Rows, f.Days)
		if err != nil {
			return err
		}
	}
	return t.Flush()
}

// erased is an entry of the trail for scripts.
type erased struct {
	ID        int64        `json:"id"`
	Kind      string       `json:"kind"`
	Site      foule.SiteID `json:"site"`
	Dimension string       `json:"dimension,omitempty"`
	Contains  bool         `json:"contains,omitempty"`
	From      string       `json:"from,omitempty"`
	To        string       `json:"to,omitempty"`
	Labels    int64        `json:"labels"`
	Rows      int64        `json:"rows"`
	User      int64        `json:"user"` // 0: the command line
	Begun     string       `json:"begun"`
	Done      string       `json:"done,omitempty"`
	Until     string       `json:"until,omitempty"`
}

func erasedOf(x *storage.Erasure) erased {
	at := func(unix int64) string {
		if unix == 0 {
			return ""
		}
		return time.Unix(unix, 0).UTC().Format(time.RFC3339)
	}
	out := erased{
		ID: x.ID, Kind: string(x.Kind), Site: x.Site, Contains: x.Contains, Labels: x.Labels, Rows: x.Rows, User: x.User,
		Begun: at(x.Begun), Done: at(x.Done), Until: at(x.Until), Dimension: x.Dim.String(),
	}
	if x.Kind == storage.ErasedRange {
		out.From, out.To = x.From.String(), x.To.String()
	}
	return out
}

func (e env) printErasure(asJSON bool, x *storage.Erasure) error {
	until := ""
	if x.Until != 0 {
		until = "; what still comes in of it is erased until " + time.Unix(x.Until, 0).UTC().Format("2006-01-02 15:04 UTC")
	}
	undone := ""
	if x.Done == 0 {
		undone = "; not done yet, as some of it came in meanwhile: the dashboard goes on, or \"collector erase repeat\""
	}
	return e.print(asJSON, erasedOf(x), "erased: %d rows, noted as number %d%s%s", x.Rows, x.ID, undone, until)
}

// eraseList shows the trail, the latest first.
func (e env) eraseList(ctx context.Context, store app.Store, asJSON bool) error {
	trail, err := store.Erasures(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	if !asJSON {
		fmt.Fprint(t, "number\tbegun\tdone\tby\tsite\twhat\trows\n")
	}
	line := env{out: t}
	for i := range trail {
		x := erasedOf(&trail[i])
		who, done := "command line", x.Done
		if x.User != 0 {
			who = fmt.Sprintf("user %d", x.User)
		}
		if done == "" {
			done = "not yet"
		}
		if err := line.print(asJSON, x, "%d\t%s\t%s\t%s\t%d\t%s\t%d", x.ID, x.Begun, done, who, x.Site, whatWas(&trail[i]), x.Rows); err != nil {
			return err
		}
	}
	return t.Flush()
}

// whatWas says what an erasure took, without its text, which nobody has.
func whatWas(x *storage.Erasure) string {
	switch x.Kind {
	case storage.ErasedRange:
		return fmt.Sprintf("days %s to %s", x.From, x.To)
	case storage.ErasedLabel:
		of, how := x.Dim.String(), "a label"
		if of == "" {
			of = "every dimension"
		}
		if x.Contains {
			how = "labels with a text"
		}
		return fmt.Sprintf("%s of %s, %d found", how, of, x.Labels)
	}
	return "the site"
}
