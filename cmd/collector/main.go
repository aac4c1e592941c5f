// Command collector is Foule's public process: it takes tracking requests and
// writes aggregates. By default it shows the dashboard as well.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // zones of sites must be known on any machine

	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/internal/guard"
)

// Exit statuses.
const (
	statusDone     = 0
	statusFailed   = 1
	statusWrongUse = 2
)

const usage = `Foule counts the crowd and never the person.

  collector run                     take hits and show the dashboard
  collector site add NAME --domain HOST [--domain HOST …] [--timezone ZONE]
  collector site list
  collector site set ID              change what a site promises its visitors; 'site privacy ID' shows it
                     [--preset none|cnil|no-visitor-key] [--collect FEATURE,…] [--leave FEATURE,…]
                     [--rounded on|off] [--consent on|off] [--ignore-dnt on|off] [--scrub REGEXP … | --no-scrub]
                     [--controller NAME] [--contact ADDRESS] [--policy-url URL] [--reviewed today|DATE]
  collector privacy-notice --site ID what a site has to say and to keep about its audience measurement
                     [--lang en|fr] [--format md|html] [--document notice|record|assessment|data]
  collector goal add NAME --site ID --match ATTRIBUTE --pattern TEXT
                     ATTRIBUTE: url, title, file, external_website, event_category, event_action, event_name, manually,
                     visit_duration (with --pattern-type greater_than and a number of minutes)
                     [--pattern-type contains|exact|regex] [--case-sensitive] [--multiple]
                     [--revenue AMOUNT] [--event-value-as-revenue]
  collector dimension add NAME --site ID --scope visit|action [--id N]
                     a custom dimension, sent as dimensionN; also: dimension list, dimension off|on --site ID --id N
  collector funnel add NAME --site ID --step STEP --step STEP …
                     a STEP is NAME=goal:ID or NAME=ATTRIBUTE:PATTERN-TYPE:PATTERN, as Cart=url:contains:/cart;
                     also: funnel list, funnel off|on --site ID --id N
  collector import-log FILE… --site ID --url https://HOST --token-file FILE
                     send access logs of nginx, Apache, Caddy or CloudFront (plain, gzip, zstd) to a collector that runs
                     [--to URL] [--format auto|combined|caddy|w3c] [--name NAME] [--lines N] [--bots]
  collector spam update FILE        put a list of hosts that make up referrers in force, beside the built-in one
  collector token create --name NAME --scope read|write|admin [--site ID]
  collector user link               a fresh set-up link for the admin (a forgotten password)
  collector migrate                 make the store's tables or bring them up to date, and say how; the first start
                     [--dry-run]    only say how
  collector move --from STORE --to STORE
                     carry everything to another store, while no collector runs, and verify it
                     [--from-password-file FILE] [--to-password-file FILE]
                     [--add]        beside the sites that the target has
  collector erase site ID           a site with its settings and all that was counted of it
  collector erase range ID --from YYYY-MM-DD --to YYYY-MM-DD
  collector erase label ID TEXT     a label, such as a page with a name in it, wherever it stands
                     [--dimension NAME] [--contains] [--dry-run]
  collector erase --list            what was erased, when and by whom; also: erase repeat
                     asks before it erases; [--yes] does not
  collector check [--lang fr|en]    check the configuration and explain it, and how each site stands to the privacy requirements
  collector prove                   prove what is kept: send everything that may not be to a throw-away collector with these settings,
                                    search all that it wrote, and sign a report; exit status 1 if something is found
                     [--json FILE] [--lang fr|en]
                     [--verify FILE [--key PUBLIC-KEY]]  check the report of an earlier proof
  collector health [URL]            ask a running collector or dashboard whether it serves
  collector demo                    run with a made-up audience of 90 days
  collector version

Every command takes the settings below as flags, from the environment or from
a file (--config FILE); commands that a script may read take --json.

`

// errUsage is wrapped by errors of wrong use.
var errUsage = errors.New("wrong use")

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // the live heap is small: memory for CPU time
	}
	if len(os.Args) > 1 && (os.Args[1] == "run" || os.Args[1] == "demo") {
		guardMemory(os.Stderr)
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// guardMemory keeps the memory of a process that will hold visitor keys off the
// disk, as far as the system lets it, before there is any (invariant I8).
func guardMemory(errs io.Writer) {
	if err := guard.NoDumps(); err != nil {
		fmt.Fprintf(errs, "collector: core dumps could not be turned off (%v); visitor keys would be in one: see docs/secrets.md\n", err)
	}
	locked, err := guard.LockMemory()
	if err != nil {
		fmt.Fprintf(errs, "collector: memory could not be locked: %v\n", err)
	}
	if !locked && guard.Swaps() {
		fmt.Fprintln(errs, "collector: this machine swaps and the memory is not locked: visitor keys may reach the disk; see docs/secrets.md")
	}
}

// env is what a command works with.
type env struct {
	out, err io.Writer
	in       io.Reader // whoever can answer a question; nil if nobody can
}

type command func(ctx context.Context, e env, args []string) error

func run(args []string, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	name, rest := "help", args
	if len(args) > 0 {
		name, rest = args[0], args[1:]
	}
	commands := map[string]command{
		"run": runCollector, "demo": runDemo, "site": siteCommand, "goal": goalCommand, "token": tokenCommand,
		"user": userCommand, "dimension": dimensionCommand, "funnel": funnelCommand, "spam": spamCommand, "import-log": importLogCommand, "privacy-notice": noticeCommand,
		"check": checkCommand, "prove": proveCommand, "health": healthCommand, "migrate": migrateCommand, "move": moveCommand, "erase": eraseCommand, "version": versionCommand, "help": helpCommand,
	}
	if name == "--help" || name == "-h" {
		name = "help"
	}
	cmd := commands[name]
	if cmd == nil {
		fmt.Fprintf(errs, "collector: there is no command %q; 'collector help' lists them\n", name)
		return statusWrongUse
	}
	err := cmd(ctx, env{out, errs, terminal()}, rest)
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, flag.ErrHelp):
		_ = helpCommand(ctx, env{out: out, err: errs}, nil)
		return statusDone
	}
	fmt.Fprintf(errs, "collector %s: %v\n", name, err)
	if errors.Is(err, errUsage) {
		return statusWrongUse
	}
	return statusFailed
}

func helpCommand(_ context.Context, e env, _ []string) error {
	fmt.Fprint(e.out, usage)
	config.Describe(e.out)
	return nil
}

func versionCommand(_ context.Context, e env, _ []string) error {
	fmt.Fprintln(e.out, app.Version())
	return nil
}
