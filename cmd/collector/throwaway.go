package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/storage/sqlite"
)

// throwaway is a store for a proof: a file in a temporary folder, or a database
// beside the operator's on the same ClickHouse server.
type throwaway struct {
	place  app.Place
	engine string
	// dump reads all tables; nil for a file, which is searched as it is.
	dump func(ctx context.Context, each func(table string, content []byte) error) error
	// drop leaves nothing of it.
	drop func(context.Context) error
}

// newThrowaway makes an empty store. c is the operator's configuration.
func newThrowaway(ctx context.Context, c config.Config, data string) (*throwaway, error) {
	place := app.PlaceOf(c)
	if _, embedded := place.Path(); embedded {
		place.Address, place.Data = "sqlite", data
		return &throwaway{place: place, engine: "SQLite", drop: func(context.Context) error { return nil }}, nil
	}
	own, err := place.Server(clickhouse.UseAll)
	if err != nil {
		return nil, err
	}
	plan, err := own.Plan(ctx) // for the version; it says too what is wrong with the server
	if err != nil {
		return nil, errors.Join(err, own.Close())
	}
	var b [8]byte
	rand.Read(b[:])
	name := "foule_prove_" + hex.EncodeToString(b[:])
	if err := own.CreateDatabase(ctx, name); err != nil {
		return nil, errors.Join(fmt.Errorf("a proof needs a database of its own beside the store's, and the right to make it (name an account that has it with --store): %w", err), own.Close())
	}
	t := &throwaway{place: place, engine: "ClickHouse " + plan.Version}
	t.place.Address = clickhouse.WithDatabase(place.Address, name)
	t.drop = func(ctx context.Context) error { return errors.Join(own.DropDatabase(ctx, name), own.Close()) }
	aside, err := t.place.Server(clickhouse.UseAll)
	if err == nil {
		t.dump = aside.Dump
		drop := t.drop
		t.drop = func(ctx context.Context) error { return errors.Join(aside.Close(), drop(ctx)) }
		err = aside.Migrate(ctx, func(clickhouse.Step) {})
	}
	if err != nil {
		return nil, errors.Join(err, t.drop(ctx))
	}
	return t, nil
}

// fill puts sites under their own numbers into the store, and makes a token that
// may write to all of them.
func (t *throwaway) fill(ctx context.Context, sites []foule.Site) (token string, err error) {
	store, err := t.place.Open(clickhouse.UseAll)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	for _, s := range sites {
		if err := store.PutSite(ctx, s, 0); err != nil {
			return "", err
		}
	}
	token, hash := storage.NewSecret()
	_, err = store.AddToken(ctx, storage.Token{Hash: hash, Name: "proof", Scope: storage.RoleWrite, Created: time.Now().Unix()})
	return token, err
}

// operatorSites reads the sites of the operator's own store, and changes nothing
// there; none if there is no store yet.
func operatorSites(ctx context.Context, c config.Config) (sites []foule.Site, err error) {
	place := app.PlaceOf(c)
	if path, embedded := place.Path(); embedded {
		from, to, _, err := sqlite.Version(ctx, path)
		switch {
		case err != nil:
			return nil, err
		case from == 0:
			return nil, nil
		case from < to:
			return nil, fmt.Errorf("the store's tables are of version %d, this program needs %d: run collector migrate first", from, to)
		}
	}
	store, err := place.Open(clickhouse.UseCollector)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return store.Sites(ctx)
}

// maxTried is how many different settings of sites a proof tries.
const maxTried = 16

// tried picks sites so that each way to treat hits is tried once, and adds a
// plain one with two custom dimensions. left is how many ways are not tried.
func tried(all []foule.Site) (sites []foule.Site, left int) {
	seen, last := map[string]bool{}, foule.SiteID(0)
	for _, s := range all {
		last = max(last, s.ID)
		way, err := json.Marshal(treatment(s))
		if err == nil && seen[string(way)] {
			continue
		}
		seen[string(way)] = true
		if len(sites) == maxTried {
			left++
			continue
		}
		sites = append(sites, s)
	}
	return append(sites, foule.Site{ID: last + 1, Name: "Proof", Dimensions: []foule.CustomDimension{
		{ID: 8, Name: "visit", Scope: foule.ScopeVisit}, {ID: 9, Name: "action", Scope: foule.ScopeAction},
	}}), left
}

// treatment is a site without what has no part in what is kept of a hit.
func treatment(s foule.Site) foule.Site {
	hosts := s.Hosts
	s.ID, s.Name, s.Created, s.Timezone, s.Currency, s.Goals, s.Funnels, s.Hosts = 0, "", 0, "", "", nil, nil, nil
	if len(hosts) > 0 {
		s.Hosts = []string{"host"}
	}
	return s
}
