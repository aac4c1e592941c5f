package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var siteTable = settingsTable{"site", columnList(
	"id", "UInt32", "name", "String", "timezone", "String", "currency", "String", "created", "Int64",
	"any_host", "UInt8", "keep_fragment", "UInt8", "no_site_search", "UInt8", "ignore_dnt", "UInt8",
	"lists", "String", "version", "UInt64",
)}

// siteRow is a site without its goals.
type siteRow struct {
	foule.Site
	version uint64
}

// Sites lists all sites with their goals, by id. It reads the tables site and
// goal and nothing else, as the collector may do no more.
func (s *Store) Sites(ctx context.Context) ([]foule.Site, error) {
	sites, err := s.sites(ctx, 0)
	return sites, about("sites", err)
}

// Site gives one site with its goals; storage.ErrNotFound if there is none.
func (s *Store) Site(ctx context.Context, id foule.SiteID) (foule.Site, error) {
	what := fmt.Sprintf("site %d", id)
	if id == 0 {
		return foule.Site{}, about(what, storage.ErrNotFound)
	}
	sites, err := s.sites(ctx, id)
	if err == nil && len(sites) == 0 {
		err = storage.ErrNotFound
	}
	if err != nil {
		return foule.Site{}, about(what, err)
	}
	return sites[0], nil
}

// sites reads one site with its goals, or all with id 0.
func (s *Store) sites(ctx context.Context, id foule.SiteID) ([]foule.Site, error) {
	rows, err := s.siteRows(ctx, id)
	if err != nil {
		return nil, err
	}
	goals, err := s.goals(ctx, id)
	if err != nil {
		return nil, err
	}
	sites := make([]foule.Site, len(rows))
	at := make(map[foule.SiteID]*foule.Site, len(rows))
	for i, row := range rows {
		sites[i] = row.Site
		at[row.ID] = &sites[i]
	}
	for _, g := range goals {
		if site := at[g.site]; site != nil {
			site.Goals = append(site.Goals, g.Goal)
		}
	}
	return sites, nil
}

func (s *Store) siteRows(ctx context.Context, id foule.SiteID) (sites []siteRow, err error) {
	err = s.rows(ctx, "sites", nil, values{"id": uint32(id)}, func(rows lib.Rows) error {
		site, err := scanSite(rows)
		sites = append(sites, site)
		return err
	})
	return sites, err
}

func scanSite(rows lib.Rows) (site siteRow, err error) {
	var id uint32
	var text string
	err = rows.Scan(&id, &site.Name, &site.Timezone, &site.Currency, &site.Created,
		&site.AnyHost, &site.KeepFragment, &site.NoSiteSearch, &site.IgnoreDNT, &text, &site.version)
	if err != nil {
		return site, err
	}
	site.ID = foule.SiteID(id)
	if err := storage.SetSiteLists(&site.Site, []byte(text)); err != nil {
		return site, fmt.Errorf("lists of site %d: %w", site.ID, err)
	}
	return site, nil
}

// siteByID reads a site without its goals; storage.ErrNotFound if there is none.
func (s *Store) siteByID(ctx context.Context, id foule.SiteID) (siteRow, error) {
	if id == 0 {
		return siteRow{}, storage.ErrNotFound
	}
	sites, err := s.siteRows(ctx, id)
	if err == nil && len(sites) == 0 {
		err = storage.ErrNotFound
	}
	if err != nil {
		return siteRow{}, err
	}
	return sites[0], nil
}

func (s *Store) putSite(ctx context.Context, site siteRow) error {
	text, err := storage.SiteLists(&site.Site)
	if err != nil {
		return err
	}
	return s.put(ctx, siteTable, []any{
		uint32(site.ID), site.Name, site.Timezone, site.Currency, site.Created,
		site.AnyHost, site.KeepFragment, site.NoSiteSearch, site.IgnoreDNT, string(text), site.version,
	})
}

// AddSite stores a new site with its goals.
func (s *Store) AddSite(ctx context.Context, site foule.Site) (id foule.SiteID, err error) {
	err = s.change("add site", func() error {
		number, err := s.claim(ctx, siteNumber, 0)
		if err != nil {
			return err
		}
		site.ID = foule.SiteID(number)
		goals := make([]goalRow, len(site.Goals))
		for i, g := range site.Goals {
			g.ID = uint32(i + 1)
			goals[i] = goalRow{Goal: g, site: site.ID, version: after(0)}
		}
		if err := s.claimed(ctx, goalNumber, site.ID, int64(len(goals))); err != nil {
			return err
		}
		// Goals first: nobody sees the site without them.
		if err := s.putGoals(ctx, goals...); err != nil {
			return err
		}
		if err := s.putSite(ctx, siteRow{site, after(0)}); err != nil {
			return err
		}
		id = site.ID
		return nil
	})
	return id, err
}

// UpdateSite changes a site's settings, not its goals; storage.ErrNotFound if there is none.
func (s *Store) UpdateSite(ctx context.Context, site foule.Site) error {
	return s.change(fmt.Sprintf("update site %d", site.ID), func() error {
		old, err := s.siteByID(ctx, site.ID)
		if err != nil {
			return err
		}
		return s.putSite(ctx, siteRow{site, after(old.version)})
	})
}
