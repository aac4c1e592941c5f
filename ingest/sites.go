package ingest

import (
	"context"
	"errors"
	"log/slog"
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

// Sites knows the sites and what tokens may do, as of the last refresh, so that
// no hit waits for the store. It is safe for concurrent use.
type Sites struct {
	settings Settings
	log      *slog.Logger
	byID     atomic.Pointer[map[foule.SiteID]*anonymize.Site]
	tokens   tokenCache
}

// NewSites reads the sites a first time.
func NewSites(ctx context.Context, settings Settings, log *slog.Logger) (*Sites, error) {
	s := &Sites{settings: settings, log: log, tokens: tokenCache{known: map[[32]byte]grant{}}}
	return s, s.Refresh(ctx)
}

// Refresh reads the sites anew. A site whose settings make no sense stays as it
// was, so that a slip in the dashboard stops no counting.
func (s *Sites) Refresh(ctx context.Context) error {
	list, err := s.settings.Sites(ctx)
	if err != nil {
		return err
	}
	old := s.byID.Load()
	sites := make(map[foule.SiteID]*anonymize.Site, len(list))
	for _, site := range list {
		compiled, err := anonymize.CompileSite(site)
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
	return nil
}

// Keep refreshes every interval until the context ends.
func (s *Sites) Keep(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("the store does not tell its sites; those known stay in force", "error", err)
		}
	}
}

var (
	errUnknownSite = &matomo.Error{Status: 400, Reason: "unknown-site", Text: "there is no site of that idsite"}
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

// mayWrite says whether a token may send authenticated hits to a site.
func (s *Sites) mayWrite(token string, site foule.SiteID) bool {
	return s.allows(token, site, storage.RoleWrite)
}

// isAdmin says whether a token is a super user's.
func (s *Sites) isAdmin(token string) bool { return s.allows(token, 0, storage.RoleAdmin) }

func (s *Sites) allows(token string, site foule.SiteID, need storage.Role) bool {
	if token == "" || len(token) > 256 {
		return false
	}
	t, ok := s.tokens.get(storage.HashToken(token), s.settings)
	return ok && t.Scope.Allows(need) && (t.Site == 0 || t.Site == site)
}

// tokenCache remembers for a while what tokens may do, so that a bulk of
// thousands asks the store once and a made-up token costs nothing.
type tokenCache struct {
	mu    sync.Mutex
	known map[[32]byte]grant
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
)

func (c *tokenCache) get(hash [32]byte, settings Settings) (storage.Token, bool) {
	now := time.Now()
	c.mu.Lock()
	g, hit := c.known[hash]
	c.mu.Unlock()
	if hit && now.Before(g.until) {
		return g.token, g.ok
	}
	ctx, cancel := context.WithTimeout(context.Background(), tokenPatience)
	defer cancel()
	token, err := settings.TokenByHash(ctx, hash)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return g.token, hit && g.ok // the store is away: what was true stays true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= maxTokens {
		clear(c.known)
	}
	c.known[hash] = grant{token, err == nil, now.Add(tokenMemory)}
	return token, err == nil
}
