package sqlite

import (
	"database/sql"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// erasing is an erasure under way, in one transaction.
type erasing struct {
	writing
	scan  scan
	site  foule.SiteID
	rows  int64 // taken, labels of a pack each for itself
	texts int   // of labels, taken
}

func (x *erasing) run(e *storage.Erasure) error {
	switch e.Kind {
	case storage.ErasedSite:
		return x.wholeSite()
	case storage.ErasedRange:
		return x.days(e)
	}
	return x.labelsOf(e)
}

// named binds a bucket of the site.
func (x *erasing) named(bucket int64) []any {
	return []any{sql.Named("bucket", bucket), sql.Named("site", int64(x.site))}
}

// drop deletes the site's rows of a bucket.
func (x *erasing) drop(grain string, bucket int64) error {
	counted := int64(1)
	if grain != "minute" {
		counted = 0
		packs, err := x.scan.packs("all_"+grain, x.site, bucket)
		if err != nil {
			return err
		}
		for _, p := range packs {
			if err := p.each(func(int64, string) error { counted++; return nil }); err != nil {
				return err
			}
		}
	}
	res, err := x.exec("delete_"+grain, x.named(bucket)...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 || grain == "month" { // months say again what days say
		return err
	}
	x.rows += counted
	return nil
}

// wholeSite deletes all that there is of a site. Its settings may be gone
// already, and rows have come since.
func (x *erasing) wholeSite() error {
	for _, grain := range []string{"minute", "hour", "day", "month"} {
		err := x.scan.buckets(grain, func(bucket int64) error { return x.drop(grain, bucket) })
		if err != nil {
			return err
		}
	}
	res, err := x.exec("delete_labels", sql.Named("site", int64(x.site)))
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	x.texts += int(n)
	return x.eraseSettings(x.site)
}

// eraseSettings deletes a site with its goals and the tokens that are for it alone.
func (w writing) eraseSettings(site foule.SiteID) error {
	if _, err := w.exec("delete_goals", sql.Named("site", int64(site))); err != nil {
		return err
	}
	if _, err := w.exec("delete_site", sql.Named("site", int64(site))); err != nil {
		return err
	}
	_, err := w.exec("delete_tokens", sql.Named("site", int64(site)))
	return err
}

// days deletes a range, makes the months that it touches anew of the days that
// are left, and forgets the labels that nothing uses any more.
func (x *erasing) days(e *storage.Erasure) error {
	sites, err := x.zoneOf(x.site)
	if err != nil || len(sites) == 0 { // an erased site needs no more
		return err
	}
	span, err := e.Days(&sites[0])
	if err != nil {
		return err
	}
	for _, t := range []struct {
		grain    string
		from, to int64
	}{
		{"minute", span.FromMinute, span.ToMinute}, {"hour", span.FromHour, span.ToHour}, {"day", int64(span.FromDay), int64(span.ToDay)},
	} {
		err := x.scan.buckets(t.grain, func(bucket int64) error {
			if bucket < t.from || bucket >= t.to {
				return nil
			}
			return x.drop(t.grain, bucket)
		})
		if err != nil {
			return err
		}
	}
	if x.rows == 0 {
		return nil
	}
	for m := span.FromDay.Month(); m <= (span.ToDay - 1).Month(); m++ {
		if err := x.rebuild(m); err != nil {
			return err
		}
	}
	return x.sweep()
}

// zoneOf reads the site's settings in the transaction; none if it is gone.
func (x *erasing) zoneOf(site foule.SiteID) (sites []foule.Site, err error) {
	err = x.scan.rows("zone", []any{sql.Named("id", int64(site))}, func(rows *sql.Rows) error {
		s := foule.Site{ID: site}
		err := rows.Scan(&s.Timezone)
		sites = append(sites, s)
		return err
	})
	return sites, err
}

// rebuild makes a month the sum of its days.
func (x *erasing) rebuild(m foule.Month) error {
	if err := x.drop("month", int64(m)); err != nil {
		return err
	}
	for day := m.First(); day <= m.Last(); day++ {
		_, err := x.exec("add_day_to_month", sql.Named("month", int64(m)), sql.Named("day", int64(day)), sql.Named("site", int64(x.site)))
		if err != nil {
			return fmt.Errorf("month %s: %w", m, err)
		}
	}
	_, err := x.exec("vanish_month")
	return err
}

// sweep deletes the texts that no row uses. It reads all rows of the site.
func (x *erasing) sweep() error {
	set, _, err := x.scan.labels(x.site, foule.DimTotal, func(foule.Dimension, string) bool { return true })
	if err != nil {
		return err
	}
	for _, grain := range []string{"hour", "day", "month"} {
		err := x.scan.buckets(grain, func(bucket int64) error {
			packs, err := x.scan.packs("all_"+grain, x.site, bucket)
			if err != nil {
				return err
			}
			for _, p := range packs {
				delete(set[p.by], p.byLabel)
				if err := p.each(func(label int64, _ string) error { delete(set[p.dim], label); return nil }); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return x.forget(set)
}

// forget deletes the texts of labels.
func (x *erasing) forget(set labelSet) error {
	for dim, ids := range set {
		for id := range ids {
			_, err := x.exec("delete_label", sql.Named("site", int64(x.site)), sql.Named("dim", int64(dim)), sql.Named("id", id))
			if err != nil {
				return err
			}
			x.texts++
		}
	}
	return nil
}

// labelsOf moves all that stands under the erasure's labels into foule.Other, in
// every table, and deletes their texts.
func (x *erasing) labelsOf(e *storage.Erasure) error {
	set, n, err := x.scan.labels(x.site, e.Dim, e.Takes())
	if err != nil || n == 0 {
		return err
	}
	args, err := set.args()
	if err != nil {
		return err
	}
	for _, grain := range []string{"hour", "day", "month"} {
		err := x.scan.buckets(grain, func(bucket int64) error { return x.move(grain, bucket, set, args) })
		if err != nil {
			return err
		}
	}
	return x.forget(set)
}

// move does so with the rows of a bucket. A row under one of the labels goes
// under foule.Other on both sides: that is where aggregate counts what is under
// a label that it may not name.
func (x *erasing) move(grain string, bucket int64, set labelSet, args []any) error {
	packs, err := x.scan.packs("some_"+grain, x.site, bucket, args...)
	if err != nil || len(packs) == 0 {
		return err
	}
	var others []keyed
	for _, p := range packs {
		under := p.by != foule.DimTotal && set.has(p.by, p.byLabel)
		var left []byte
		moved := int64(0)
		other := keyed{key{bucket, int64(x.site), int64(p.dim), int64(p.by), p.byLabel, labelOther}, new(foule.Metrics)}
		if under {
			other.byLabel = labelOther
		}
		if p.dim == foule.DimTotal {
			other.label = labelEmpty
		}
		err := p.each(func(label int64, counts string) error {
			if !under && !set.has(p.dim, label) {
				left = append(appendNumber(left, label%packSize), counts...)
				return nil
			}
			moved++
			return addCounts(other.counts, counts)
		})
		if err != nil {
			return err
		}
		if moved == 0 {
			continue
		}
		if grain != "month" { // months say again what days say
			x.rows += moved
		}
		if err := x.rewrite(grain, bucket, p, string(left)); err != nil {
			return err
		}
		others = append(others, other)
	}
	sortKeyed(others)
	rows := packArgs(others, grain != "hour")
	if err := x.s.upserts["upsert_"+grain].run(x.ctx, x.tx, rows); err != nil {
		return err
	}
	_, err = x.exec("vanish_" + grain)
	return err
}

// rewrite leaves of a row of the file what is left.
func (x *erasing) rewrite(grain string, bucket int64, p packed, left string) error {
	args := append(x.named(bucket), sql.Named("dim", int64(p.dim)), sql.Named("pack", p.pack))
	if grain != "hour" {
		args = append(args, sql.Named("by_dim", int64(p.by)), sql.Named("by_label", p.byLabel))
	}
	if _, err := x.exec("delete_"+grain+"_pack", args...); err != nil || left == "" {
		return err
	}
	row := []any{bucket, int64(x.site), int64(p.dim)}
	if grain != "hour" {
		row = append(row, int64(p.by), p.byLabel)
	}
	return x.s.upserts["upsert_"+grain].run(x.ctx, x.tx, append(row, p.pack, left))
}
