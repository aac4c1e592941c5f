package main

import (
	"context"
	"errors"
	"fmt"

	"foule.eu/foule/anonymize"
	"foule.eu/foule/anonymize/geo"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
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
	faults = append(faults, checkSites(ctx, e, c))
	if err := errors.Join(faults...); err != nil {
		return err
	}
	fmt.Fprintln(e.out, "all is well")
	return nil
}

func checkSites(ctx context.Context, e env, c config.Config) error {
	if !app.StoreExists(c) {
		fmt.Fprintln(e.out, "store: there is none yet in", c.Data+"; 'collector run' makes it")
		return nil
	}
	store, err := app.OpenStore(c)
	if err != nil {
		return err
	}
	defer store.Close()
	sites, err := store.Sites(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "store: %s, %d sites\n", c.ShownStore(), len(sites))
	var faults []error
	for _, s := range sites {
		_, err := anonymize.CompileSite(s)
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}
