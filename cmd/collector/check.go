package main

import (
	"context"
	"errors"
	"fmt"

	"foule.eu/foule/anonymize"
	"foule.eu/foule/anonymize/geo"
	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage/clickhouse"
)

// checkCommand validates the configuration, the store and the sites in it, and
// says what is in force.
func checkCommand(ctx context.Context, e env, args []string) error {
	c, err := load("check", args, nil)
	if err != nil {
		return err
	}
	config.Describe(e.out, config.Values(c)...)
	var faults []error
	if path := geoFile(c); path == "" {
		fmt.Fprintln(e.out, "places: no file, countries stay unknown")
	} else if db, err := geo.Open(path); err != nil {
		faults = append(faults, err)
	} else {
		fmt.Fprintln(e.out, "places:", db.Describe())
		faults = append(faults, db.Close())
	}
	if c.RuntimeDir != "" {
		faults = append(faults, anonymize.CheckRuntimeDir(c.RuntimeDir))
	}
	left := everywhere(c)
	_, err = referrer.OpenSpamList(spamFile(c))
	faults = append(faults, left.Validate(), err, checkSites(ctx, e, c))
	if err := errors.Join(faults...); err != nil {
		return err
	}
	fmt.Fprintln(e.out, "all is well")
	return nil
}

func checkSites(ctx context.Context, e env, c config.Config) error {
	place := app.PlaceOf(c)
	if !place.Exists() {
		path, _ := place.Path()
		fmt.Fprintf(e.out, "store: there is none yet at %s; 'collector run' makes it\n", path)
		return nil
	}
	store, err := place.Open(useOf(c))
	if err != nil {
		return err
	}
	defer store.Close()
	if server, ok := store.(*clickhouse.Store); ok {
		if err := checkServer(ctx, e, c, server); err != nil {
			return err
		}
	}
	sites, err := store.Sites(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "store: %s, %d sites\n", place.Shown(), len(sites))
	var faults []error
	for _, s := range sites {
		_, err := anonymize.CompileSite(s)
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// checkServer says what a ClickHouse server is, and everything that is wrong
// with it for this use.
func checkServer(ctx context.Context, e env, c config.Config, server *clickhouse.Store) error {
	plan, err := server.Plan(ctx)
	if err != nil {
		return err
	}
	cluster := "no cluster"
	if c.ClickHouseCluster != "" {
		cluster = "cluster " + c.ClickHouseCluster
	}
	fmt.Fprintf(e.out, "server: %s, ClickHouse %s, %s\n", plan.Server, plan.Version, cluster)
	fmt.Fprintf(e.out, "tables: version %d, this program needs %d\n", plan.From, plan.To)
	if err := server.Check(ctx); err != nil {
		return err
	}
	if len(plan.Steps) > 0 { // of up-to-date tables: the retention alone
		return fmt.Errorf("the tables do not keep %d months yet, as retention-months says: run collector migrate", c.RetentionMonths)
	}
	what := "as collector and dashboard"
	if server.Use == clickhouse.UseCollector {
		what = "as a collector without dashboard"
	}
	fmt.Fprintf(e.out, "rights: the user may do what is needed %s\nretention: %d months\n", what, c.RetentionMonths)
	return nil
}
