// Command dashboard serves the dashboard and the JSON API alone, for
// installations that keep them apart from the public collector.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // zones of sites must be known on any machine

	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/web/auth"
)

const usage = "Usage: dashboard run --listen ADDR --store … --public-url URL-OF-THE-TRACKING-SIDE\n\nIt listens on 127.0.0.1:8081 unless told otherwise.\n\nSettings (flags, FOULE_… in the environment, or --config FILE):\n\n"

func main() {
	config.SetDefault("listen", "127.0.0.1:8081") // beside a collector, which has 8080
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) == 0 || args[0] != "run" {
		fmt.Fprint(os.Stderr, usage)
		config.Describe(os.Stderr)
		return 2
	}
	c, err := config.Load("run", args[1:], os.LookupEnv, nil)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		config.Describe(os.Stdout)
		return 0
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "dashboard: %v\n", err)
		return 2
	}
	if err := serve(ctx, c); err != nil {
		fmt.Fprintf(os.Stderr, "dashboard: %v\n", err)
		return 1
	}
	return 0
}

// serve runs the dashboard on the address of listen.
func serve(ctx context.Context, c config.Config) (err error) {
	log := app.Log(os.Stderr, c.LogLevel)
	tracking, known := trackingURL(c)
	if !known {
		log.Warn("nothing says where browsers reach the tracking side: the installation page shows the usual address on this machine; set --public-url https://…", "address", tracking)
	}
	place := app.PlaceOf(c)
	store, err := place.Open(clickhouse.UseDashboard)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	login := app.NewAuth(c, store, log)
	secret, err := firstStart(ctx, store, login)
	if _, embedded := place.Path(); err != nil && embedded {
		return err
	}
	if err != nil { // a server may come later
		log.Error("the store is not available: the dashboard starts, and its pages say so until it is", "error", err)
	}
	in := app.Facts(c, tracking+"/")
	in.Alone = true
	server, err := app.Listen(c.Listen, app.Dashboard(store, login, in, app.Near{}, log), log)
	if err != nil {
		return err
	}
	if server == nil {
		return errors.New("listen is off: there is nothing to serve")
	}
	fmt.Printf("{\"event\":\"ready\",\"dashboard\":%q}\n", server.URL())
	if link := app.SetupLink(cmp.Or(c.DashboardURL, server.URL()), secret); link != "" {
		fmt.Fprintf(os.Stderr, "\nFirst log-in (once, within 24 hours): %s\n\n", link)
	}
	tasks, cancel := context.WithCancel(ctx)
	defer cancel()
	go app.KeepErased(tasks, store, log)
	return app.Serve(ctx, 15*time.Second, server)
}

// trackingURL is where browsers reach the tracking side, without a final slash,
// and whether that was said.
func trackingURL(c config.Config) (address string, known bool) {
	if c.PublicURL != "" {
		return c.PublicURL, true
	}
	return usualTracking, false
}

// usualTracking is where a collector serves that was told nothing else.
const usualTracking = "http://127.0.0.1:8080"

// startPatience is how long the store may take to answer at the start.
const startPatience = 20 * time.Second

func firstStart(ctx context.Context, store app.Store, login *auth.Auth) (secret string, err error) {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	if err := app.Check(ctx, store); err != nil {
		return "", err
	}
	return app.FirstStart(ctx, store, login)
}
