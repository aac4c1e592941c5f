package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Sites lists all sites with their goals, by id.
func (s *Store) Sites(ctx context.Context) ([]foule.Site, error) {
	var sites []foule.Site
	err := s.view(ctx, "sites", func(r reading) (err error) {
		sites, err = r.sites(0)
		return err
	})
	return sites, err
}

// Site gives one site with its goals; storage.ErrNotFound if there is none.
func (s *Store) Site(ctx context.Context, id foule.SiteID) (site foule.Site, err error) {
	err = s.view(ctx, fmt.Sprintf("site %d", id), func(r reading) error {
		if id == 0 {
			return storage.ErrNotFound
		}
		sites, err := r.sites(id)
		if err != nil {
			return err
		}
		if len(sites) == 0 {
			return storage.ErrNotFound
		}
		site = sites[0]
		return nil
	})
	return site, err
}

// sites reads one site, or all with id 0.
func (r reading) sites(id foule.SiteID) ([]foule.Site, error) {
	var sites []foule.Site
	at := map[foule.SiteID]int{}
	err := r.rows("sites", []any{sql.Named("id", int64(id))}, func(rows *sql.Rows) error {
		site, err := scanSite(rows)
		at[site.ID] = len(sites)
		sites = append(sites, site)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = r.rows("goals", []any{sql.Named("site", int64(id))}, func(rows *sql.Rows) error {
		var owner foule.SiteID
		var g foule.Goal
		err := rows.Scan(&owner, &g.ID, &g.Name, &g.Match, &g.Pattern, &g.PatternType,
			&g.CaseSensitive, &g.Multiple, &g.RevenueMinor, &g.EventValue)
		if i, ok := at[owner]; ok {
			sites[i].Goals = append(sites[i].Goals, g)
		}
		return err
	})
	return sites, err
}

func scanSite(rows *sql.Rows) (site foule.Site, err error) {
	var text []byte
	err = rows.Scan(&site.ID, &site.Name, &site.Timezone, &site.Currency, &site.Created,
		&site.AnyHost, &site.KeepFragment, &site.NoSiteSearch, &site.IgnoreDNT, &text)
	if err != nil {
		return site, err
	}
	if err := storage.SetSiteLists(&site, text); err != nil {
		return site, fmt.Errorf("lists of site %d: %w", site.ID, err)
	}
	return site, nil
}

// siteArgs binds what add_site and update_site share.
func siteArgs(site *foule.Site) ([]any, error) {
	text, err := storage.SiteLists(site)
	return []any{
		sql.Named("name", site.Name), sql.Named("timezone", site.Timezone), sql.Named("currency", site.Currency),
		sql.Named("created", site.Created), sql.Named("any_host", site.AnyHost),
		sql.Named("keep_fragment", site.KeepFragment), sql.Named("no_site_search", site.NoSiteSearch),
		sql.Named("ignore_dnt", site.IgnoreDNT), sql.Named("lists", string(text)),
	}, err
}

// AddSite stores a new site with its goals.
func (s *Store) AddSite(ctx context.Context, site foule.Site) (id foule.SiteID, err error) {
	err = s.change(ctx, "add site", func(w writing) error {
		args, err := siteArgs(&site)
		if err != nil {
			return err
		}
		n, err := w.add("add_site", args...)
		if err != nil {
			return err
		}
		id = foule.SiteID(n)
		for _, g := range site.Goals {
			if _, err := w.addGoal(id, g); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// UpdateSite changes a site's settings, not its goals; storage.ErrNotFound if there is none.
func (s *Store) UpdateSite(ctx context.Context, site foule.Site) error {
	return s.change(ctx, fmt.Sprintf("update site %d", site.ID), func(w writing) error {
		args, err := siteArgs(&site)
		if err != nil {
			return err
		}
		return w.alter("update_site", append(args, sql.Named("id", int64(site.ID)))...)
	})
}

// AddGoal numbers the goal within its site; storage.ErrNotFound if there is no such site.
func (s *Store) AddGoal(ctx context.Context, site foule.SiteID, goal foule.Goal) (id uint32, err error) {
	err = s.change(ctx, fmt.Sprintf("add goal to site %d", site), func(w writing) (err error) {
		id, err = w.addGoal(site, goal)
		return err
	})
	return id, err
}

// addGoal takes the next number. That of a deleted goal is not given again, as
// its conversions are still counted under it.
func (w writing) addGoal(site foule.SiteID, g foule.Goal) (uint32, error) {
	if err := w.alter("update_last_goal", sql.Named("site", int64(site))); err != nil {
		return 0, err
	}
	if _, err := w.exec("add_goal", goalArgs(site, &g)...); err != nil {
		return 0, err
	}
	var id uint32
	row := w.tx.StmtContext(w.ctx, w.s.queries["last_goal"]).QueryRowContext(w.ctx, sql.Named("site", int64(site)))
	return id, row.Scan(&id)
}

func goalArgs(site foule.SiteID, g *foule.Goal) []any {
	return []any{
		sql.Named("site", int64(site)), sql.Named("name", g.Name), sql.Named("match", string(g.Match)),
		sql.Named("pattern", g.Pattern), sql.Named("pattern_type", string(g.PatternType)),
		sql.Named("case_sensitive", g.CaseSensitive), sql.Named("multiple", g.Multiple),
		sql.Named("revenue_minor", g.RevenueMinor), sql.Named("event_value", g.EventValue),
	}
}

// UpdateGoal changes a goal; storage.ErrNotFound if there is none.
func (s *Store) UpdateGoal(ctx context.Context, site foule.SiteID, goal foule.Goal) error {
	return s.change(ctx, fmt.Sprintf("update goal %d of site %d", goal.ID, site), func(w writing) error {
		return w.alter("update_goal", append(goalArgs(site, &goal), sql.Named("id", int64(goal.ID)))...)
	})
}

// DeleteGoal deletes a goal; storage.ErrNotFound if there is none. What was counted under it stays.
func (s *Store) DeleteGoal(ctx context.Context, site foule.SiteID, id uint32) error {
	return s.change(ctx, fmt.Sprintf("delete goal %d of site %d", id, site), func(w writing) error {
		return w.alter("delete_goal", sql.Named("site", int64(site)), sql.Named("id", int64(id)))
	})
}
