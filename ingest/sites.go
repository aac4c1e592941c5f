package ingest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest/matomo"
	"foule.eu/foule/storage"
)

// Settings is what the public edge reads of the store.
type Settings interface {
	Sites(ctx context.Context) ([]foule.Site, error)
	TokenByHash(ctx context.Context, hash [32]byte) (storage.Token, error)
}

// SitesOptions say where Sites has its knowledge from.
type SitesOptions struct {
	Settings Settings
	// Check says before the first reading whether the store is fit for use, and if
	// not what to do; nil for a store that needs no asking.
	Check func(context.Context) error
	// Copy is the path of a file in which the settings are kept for a start while
	// the store is away; "" for none.
	Copy string
	// Everywhere is left out on every site, beside each site's own exclusions.
	Everywhere anonymize.Exclusions
	Log        *slog.Logger
}

// Sites knows the sites and what tokens may do, as of the last refresh, so that
// no hit waits for the store. It is safe for concurrent use.
type Sites struct {
	settings   Settings
	everywhere anonymize.Exclusions
	log        *slog.Logger
	copy       sitesCopy
	uncopied   atomic.Bool // the last attempt to write the copy failed
	away       atomic.Bool // the last attempt to read the sites failed
	byID       atomic.Pointer[map[foule.SiteID]*anonymize.Site]
	tokens     tokenCache
}

// startPatience is how long the store may take to tell its sites at the start.
const startPatience = 20 * time.Second

// NewSites reads the sites a first time. If the store is away, or not as it
// should be, it takes those of the copy: hits then wait in the journal for the
// store. Without a copy that is the store's error.
func NewSites(ctx context.Context, o SitesOptions) (*Sites, error) {
	s := &Sites{settings: o.Settings, everywhere: o.Everywhere, log: o.Log, copy: sitesCopy{path: o.Copy}, tokens: tokenCache{known: map[[32]byte]grant{}}}
	err := s.first(ctx, o.Check)
	if err == nil || ctx.Err() != nil {
		return s, err
	}
	list, unread := s.copy.read()
	if errors.Is(unread, os.ErrNotExist) {
		return nil, err
	}
	if unread != nil {
		return nil, errors.Join(err, unread)
	}
	s.log.Error("the store is not available: the collector starts with its copy of the sites' settings, and hits wait in the journal until the store is back",
		"copy", o.Copy, "sites", len(list), "error", err)
	s.away.Store(true)
	s.take(list)
	return s, nil
}

func (s *Sites) first(ctx context.Context, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	if check != nil {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return s.Refresh(ctx)
}

// Refresh reads the sites anew. A site whose settings make no sense stays as it
// was, so that a slip in the dashboard stops no counting.
func (s *Sites) Refresh(ctx context.Context) error {
	list, err := s.settings.Sites(ctx)
	if err != nil {
		return err
	}
	s.take(list)
	if err := s.copy.write(list); err == nil {
		s.uncopied.Store(false)
	} else if !s.uncopied.Swap(true) {
		s.log.Error("the copy of the sites' settings, for a start while the store is away, could not be written; it is tried again", "error", err)
	}
	return nil
}

// take puts a list of sites in force.
func (s *Sites) take(list []foule.Site) {
	old := s.byID.Load()
	sites := make(map[foule.SiteID]*anonymize.Site, len(list))
	for _, site := range list {
		compiled, err := anonymize.CompileSite(s.everywhere.With(site))
		if err == nil {
			sites[site.ID] = compiled
			continue
		}
		s.log.Error("a site's settings are not usable; its former ones stay in force", "site", site.ID, "error", err)
		if old != nil && (*old)[site.ID] != nil {
			sites[site.ID] = (*old)[site.ID]
		}
	}
	s.byID.Store(&sites)
}

// Keep refreshes every interval until the context ends. It says once when the
// store ceases to answer, and once when it answers again.
func (s *Sites) Keep(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.Refresh(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !s.away.Swap(true):
			s.log.Warn("the store does not tell its sites; those known stay in force until it does", "error", err)
		case err == nil && s.away.Swap(false):
			s.log.Info("the store tells its sites again")
		}
	}
}

var (
	errUnknownSite = &matomo.Error{Status: 400, Reason: "unknown-site", Text: "there is no site of that idsite"}
	errAway        = &matomo.Error{Status: 503, Reason: "store-away", Text: "the token could not be checked; send the hit again later"}
	errOrder       = &matomo.Error{Status: 400, Reason: "order", Text: "an order of that ec_id was counted already"}
	errImport      = &matomo.Error{Status: 401, Reason: "import", Text: "foule_import needs a token_auth that may write", Bulk: true}
	errGoal        = &matomo.Error{Status: 400, Reason: "goal", Text: "idgoal names no goal of the site"}
)

// find gives the site of a hit. A number that is no site's is for Resolve to judge.
func (s *Sites) find(p *matomo.Params) (*anonymize.Site, *matomo.Error) {
	site := (*s.byID.Load())[p.SiteID]
	if site == nil {
		return nil, errUnknownSite
	}
	return site, nil
}

// mayWrite says whether a token may send authenticated hits to a site. The
// error says that nobody could be asked.
func (s *Sites) mayWrite(ctx context.Context, token string, site foule.SiteID) (bool, error) {
	return s.allows(ctx, token, site, storage.RoleWrite)
}

// mayImport says whether a token may send parts of imports.
func (s *Sites) mayImport(ctx context.Context, token string) (bool, error) {
	g, err := s.granted(ctx, token)
	return g.ok && g.token.Scope.Allows(storage.RoleWrite), err
}

// isAdmin says whether a token is known to be a super user's.
func (s *Sites) isAdmin(ctx context.Context, token string) bool {
	ok, err := s.allows(ctx, token, 0, storage.RoleAdmin)
	return ok && err == nil
}

func (s *Sites) allows(ctx context.Context, token string, site foule.SiteID, need storage.Role) (bool, error) {
	g, err := s.granted(ctx, token)
	return g.ok && g.token.Scope.Allows(need) && (g.token.Site == 0 || g.token.Site == site), err
}

// granted tells what a token may do; what cannot be a token, nothing.
func (s *Sites) granted(ctx context.Context, token string) (grant, error) {
	if token == "" || len(token) > 256 {
		return grant{}, nil
	}
	return s.tokens.get(ctx, storage.HashToken(token), s.settings)
}

// tokenCache remembers for a while what tokens may do, so that a bulk of
// thousands asks the store once and a made-up token costs nothing.
type tokenCache struct {
	mu    sync.Mutex
	known map[[32]byte]grant
	away  time.Time // until when the store is not asked again
}

type grant struct {
	token storage.Token
	ok    bool
	until time.Time
}

const (
	tokenMemory   = 30 * time.Second
	maxTokens     = 1024
	tokenPatience = 2 * time.Second
	tokenPause    = time.Second
)

var errNotAsked = errors.New("ingest: the store does not tell what tokens may do")

// get tells what a token may do. While the store is away, what was true stays
// true, and of a token never seen it gives errNotAsked.
func (c *tokenCache) get(ctx context.Context, hash [32]byte, settings Settings) (grant, error) {
	now := time.Now()
	c.mu.Lock()
	g, hit := c.known[hash]
	away := now.Before(c.away)
	c.mu.Unlock()
	switch {
	case hit && now.Before(g.until), hit && away:
		return g, nil
	case away:
		return grant{}, errNotAsked
	}
	ask, cancel := context.WithTimeout(ctx, tokenPatience)
	defer cancel()
	token, err := settings.TokenByHash(ask, hash)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return c.unanswered(ctx, g, hit)
	}
	g = grant{token, err == nil, now.Add(tokenMemory)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.makeRoom(now)
	c.known[hash] = g
	return g, nil
}

// unanswered spares the store for a moment, unless it was the client that left.
func (c *tokenCache) unanswered(ctx context.Context, g grant, hit bool) (grant, error) {
	if ctx.Err() == nil {
		c.mu.Lock()
		c.away = time.Now().Add(tokenPause)
		c.mu.Unlock()
	}
	if hit {
		return g, nil
	}
	return grant{}, errNotAsked
}

// makeRoom forgets made-up and old tokens, and all if that is not enough.
func (c *tokenCache) makeRoom(now time.Time) {
	if len(c.known) < maxTokens {
		return
	}
	for hash, g := range c.known {
		if !g.ok || now.After(g.until) {
			delete(c.known, hash)
		}
	}
	if len(c.known) >= maxTokens {
		clear(c.known)
	}
}
