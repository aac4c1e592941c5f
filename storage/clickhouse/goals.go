package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var goalTable = settingsTable{"goal", columnList(
	"site", "UInt32", "id", "UInt32", "name", "String", "match", "String", "pattern", "String", "pattern_type", "String",
	"case_sensitive", "UInt8", "multiple", "UInt8", "revenue_minor", "Int64", "event_value", "UInt8",
	"version", "UInt64", "deleted", "UInt8",
)}

type goalRow struct {
	foule.Goal
	site    foule.SiteID
	version uint64
	deleted bool
}

// goals reads the goals of a site, or of all with site 0.
func (s *Store) goals(ctx context.Context, site foule.SiteID) (goals []goalRow, err error) {
	err = s.rows(ctx, "goals", nil, values{"site": uint32(site)}, func(rows lib.Rows) error {
		var g goalRow
		var site uint32
		err := rows.Scan(&site, &g.ID, &g.Name, (*string)(&g.Match), &g.Pattern, (*string)(&g.PatternType),
			&g.CaseSensitive, &g.Multiple, &g.RevenueMinor, &g.EventValue, &g.version)
		g.site = foule.SiteID(site)
		goals = append(goals, g)
		return err
	})
	return goals, err
}

// goal reads one goal; storage.ErrNotFound if there is none.
func (s *Store) goal(ctx context.Context, site foule.SiteID, id uint32) (goalRow, error) {
	if site == 0 {
		return goalRow{}, storage.ErrNotFound
	}
	goals, err := s.goals(ctx, site)
	if err != nil {
		return goalRow{}, err
	}
	for _, g := range goals {
		if g.ID == id {
			return g, nil
		}
	}
	return goalRow{}, storage.ErrNotFound
}

func (s *Store) putGoals(ctx context.Context, goals ...goalRow) error {
	rows := make([][]any, len(goals))
	for i, g := range goals {
		rows[i] = []any{
			uint32(g.site), g.ID, g.Name, string(g.Match), g.Pattern, string(g.PatternType),
			g.CaseSensitive, g.Multiple, g.RevenueMinor, g.EventValue, g.version, g.deleted,
		}
	}
	return s.put(ctx, goalTable, rows...)
}

// AddGoal numbers the goal within its site; storage.ErrNotFound if there is no such site.
func (s *Store) AddGoal(ctx context.Context, site foule.SiteID, goal foule.Goal) (id uint32, err error) {
	err = s.change(fmt.Sprintf("add goal to site %d", site), func() error {
		if _, err := s.siteByID(ctx, site); err != nil {
			return err
		}
		number, err := s.claim(ctx, goalNumber, site)
		if err != nil {
			return err
		}
		goal.ID = uint32(number)
		if err := s.putGoals(ctx, goalRow{Goal: goal, site: site, version: after(0)}); err != nil {
			return err
		}
		id = goal.ID
		return nil
	})
	return id, err
}

// UpdateGoal changes a goal; storage.ErrNotFound if there is none.
func (s *Store) UpdateGoal(ctx context.Context, site foule.SiteID, goal foule.Goal) error {
	return s.change(fmt.Sprintf("update goal %d of site %d", goal.ID, site), func() error {
		old, err := s.goal(ctx, site, goal.ID)
		if err != nil {
			return err
		}
		return s.putGoals(ctx, goalRow{Goal: goal, site: site, version: after(old.version)})
	})
}

// DeleteGoal deletes a goal; storage.ErrNotFound if there is none. What was counted under it stays.
func (s *Store) DeleteGoal(ctx context.Context, site foule.SiteID, id uint32) error {
	return s.change(fmt.Sprintf("delete goal %d of site %d", id, site), func() error {
		old, err := s.goal(ctx, site, id)
		if err != nil {
			return err
		}
		return s.putGoals(ctx, old.gone())
	})
}

// gone is the row that says that there is no such goal any more.
func (g goalRow) gone() goalRow {
	return goalRow{Goal: foule.Goal{ID: g.ID}, site: g.site, version: after(g.version), deleted: true}
}
