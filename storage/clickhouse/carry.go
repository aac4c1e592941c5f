package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// PutSite stores a site under its own id with its goals under theirs.
func (s *Store) PutSite(ctx context.Context, site foule.Site, lastGoal uint32) error {
	return s.change(fmt.Sprintf("put site %d", site.ID), func() error {
		old, err := s.siteRows(ctx, site.ID)
		if err != nil {
			return err
		}
		version := uint64(0)
		for _, row := range old {
			version = row.version
		}
		goals, err := s.goalsInPlace(ctx, &site)
		if err != nil {
			return err
		}
		for _, g := range site.Goals {
			lastGoal = max(lastGoal, g.ID)
		}
		if err := s.claimed(ctx, siteNumber, 0, int64(site.ID)); err != nil {
			return err
		}
		if err := s.claimed(ctx, goalNumber, site.ID, int64(lastGoal)); err != nil {
			return err
		}
		if err := s.putGoals(ctx, goals...); err != nil {
			return err
		}
		return s.putSite(ctx, siteRow{site, after(version)})
	})
}

// goalsInPlace are the rows that leave a site with its goals and no others.
func (s *Store) goalsInPlace(ctx context.Context, site *foule.Site) ([]goalRow, error) {
	there, err := s.goals(ctx, site.ID)
	if err != nil {
		return nil, err
	}
	rows := map[uint32]goalRow{}
	for _, g := range there {
		rows[g.ID] = g.gone()
	}
	for _, g := range site.Goals {
		rows[g.ID] = goalRow{Goal: g, site: site.ID, version: after(rows[g.ID].version)}
	}
	goals := make([]goalRow, 0, len(rows))
	for _, g := range rows {
		goals = append(goals, g)
	}
	return goals, nil
}

// LastGoal gives the highest goal number that a site ever gave; storage.ErrNotFound if there is no such site.
func (s *Store) LastGoal(ctx context.Context, site foule.SiteID) (uint32, error) {
	what := fmt.Sprintf("last goal of site %d", site)
	if _, err := s.siteByID(ctx, site); err != nil {
		return 0, about(what, err)
	}
	last, err := s.lastNumber(ctx, goalNumber, site)
	return uint32(last), about(what, err)
}

// PutUser stores a user under its own id; storage.ErrConflict if another has the e-mail.
func (s *Store) PutUser(ctx context.Context, u storage.User) error {
	return s.change(fmt.Sprintf("put user %d", u.ID), func() error {
		if err := s.emailFree(ctx, u); err != nil {
			return err
		}
		old, err := s.userByID(ctx, u.ID)
		if err == storage.ErrNotFound {
			old, err = userRow{User: storage.User{ID: u.ID}, deleted: true}, nil
		}
		if err != nil {
			return err
		}
		if err := s.claimed(ctx, userNumber, 0, u.ID); err != nil {
			return err
		}
		return s.storeUser(ctx, u, old)
	})
}

// PutToken stores a token under its own id; storage.ErrConflict if another has the secret.
func (s *Store) PutToken(ctx context.Context, t storage.Token) error {
	return s.change(fmt.Sprintf("put token %d", t.ID), func() error {
		known, err := s.tokens(ctx, 0, &t.Hash)
		if err != nil {
			return err
		}
		for _, other := range known {
			if other.ID != t.ID {
				return storage.ErrConflict
			}
		}
		version := uint64(0)
		there, err := s.tokens(ctx, t.ID, nil)
		if err != nil {
			return err
		}
		for _, old := range there {
			version = old.version
		}
		if err := s.claimed(ctx, tokenNumber, 0, t.ID); err != nil {
			return err
		}
		return s.putToken(ctx, tokenRow{Token: t, version: after(version)})
	})
}
