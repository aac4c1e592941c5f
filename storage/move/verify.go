package move

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Check is what the verification found. It reads every part of both stores and
// compares them row by row, every counter; that covers what is written. Then it
// asks both, as the dashboard does, for each site and dimension over the whole
// time; that covers what the engines make of it (sums by month, merges).
type Check struct {
	Months      []Month
	Differences []Difference
}

// Equal says whether both stores hold the same.
func (c *Check) Equal() bool { return len(c.Differences) == 0 }

// Month sums what was compared of a site and month, as the source has it.
type Month struct {
	Site       foule.SiteID
	Month      foule.Month
	Rows       int64 // by minute, hour and day
	Dimensions int   // that occur, beside the total
	Visits     int64
	Visitors   int64
	Hits       int64
	Equal      bool
}

// Difference is a place where the stores do not agree.
type Difference struct {
	Site  foule.SiteID
	Month foule.Month // the first, for Grain "all"
	Grain string      // "minute", "hour", "day", or "all" for a question over the whole time
	Dim   foule.Dimension
	By    foule.Dimension
	Rows  int64 // that differ
	// From and To are the sums of the rows that differ.
	From, To foule.Metrics
}

// place is where differences are added up.
type place struct {
	site  foule.SiteID
	month foule.Month
	grain string
	dim   foule.Dimension
	by    foule.Dimension
}

// checking is a verification under way.
type checking struct {
	months      map[place]*Month // by site and month
	dims        map[place]bool
	differences map[place]*Difference
}

func (m *move) verify(ctx context.Context, parts []storage.Part) (Check, error) {
	c := &checking{map[place]*Month{}, map[place]bool{}, map[place]*Difference{}}
	sites := sitesOf(parts)
	all, err := m.withStrays(ctx, parts)
	if err != nil {
		return Check{}, err
	}
	total := len(all) + len(sites)*int(foule.NumDimensions)
	var rows int64
	since := m.Now().Unix()/60 - minutesLast
	for i, p := range all {
		from, err1 := m.From.Part(ctx, p)
		to, err2 := m.To.Part(ctx, p)
		if err := errors.Join(err1, err2); err != nil {
			return Check{}, fmt.Errorf("site %d, %s: %w", p.Site, p.Day, err)
		}
		c.compare(p, from, to, since)
		rows += rowsOf(from)
		m.tell(Progress{Verifying, i + 1, total, rows})
	}
	for i, site := range sites {
		if err := m.askBoth(ctx, c, site, parts); err != nil {
			return Check{}, err
		}
		m.tell(Progress{Verifying, len(all) + (i+1)*int(foule.NumDimensions), total, rows})
	}
	return c.result(), nil
}

// withStrays adds the parts of the moved sites that only the target has.
func (m *move) withStrays(ctx context.Context, parts []storage.Part) ([]storage.Part, error) {
	there, err := m.To.Parts(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[storage.Part]bool, len(parts))
	for _, p := range parts {
		known[p] = true
	}
	moved, err := m.From.Sites(ctx)
	if err != nil {
		return nil, err
	}
	ours := map[foule.SiteID]bool{}
	for _, s := range moved {
		ours[s.ID] = true
	}
	for _, p := range parts {
		ours[p.Site] = true
	}
	all := slices.Clone(parts)
	for _, p := range there {
		if !known[p] && p.Day >= m.Keep && (ours[p.Site] || !m.note.Add) {
			all = append(all, p)
		}
	}
	return all, nil
}

// minutesLast is how young minute rows have to be to be compared: stores forget
// them after two days, each in its own time.
const minutesLast = 24 * 60

// row is a row of any table on its way through a comparison.
type row struct {
	grain       string
	bucket      int64
	dim, by     foule.Dimension
	label, byOf string
	counters    *foule.Metrics
}

func (a row) compare(b row) int {
	return cmp.Or(cmp.Compare(a.grain, b.grain), cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.dim, b.dim),
		cmp.Compare(a.by, b.by), cmp.Compare(a.label, b.label), cmp.Compare(a.byOf, b.byOf))
}

// rowsIn lists a part's rows in one order, without minutes before since.
func rowsIn(b *storage.Batch, since int64) []row {
	rows := make([]row, 0, rowsOf(b))
	for i := range b.Minutes {
		if r := &b.Minutes[i]; r.Minute >= since {
			rows = append(rows, row{grain: "minute", bucket: r.Minute, counters: &r.Metrics})
		}
	}
	for i := range b.Hours {
		r := &b.Hours[i]
		rows = append(rows, row{grain: "hour", bucket: r.Hour, dim: r.Dim, label: r.Label, counters: &r.Metrics})
	}
	for i := range b.Days {
		r := &b.Days[i]
		rows = append(rows, row{grain: "day", bucket: int64(r.Day), dim: r.Dim, by: r.By, label: r.Label, byOf: r.ByLabel, counters: &r.Metrics})
	}
	slices.SortFunc(rows, row.compare)
	return rows
}

// compare walks through both sides of a part.
func (c *checking) compare(p storage.Part, from, to *storage.Batch, minutes int64) {
	month := p.Day.Month()
	at := place{site: p.Site, month: month}
	sum := c.months[at]
	if sum == nil {
		sum = &Month{Site: p.Site, Month: month, Equal: true}
		c.months[at] = sum
	}
	a, b := rowsIn(from, minutes), rowsIn(to, minutes)
	sum.Rows += int64(len(a))
	for _, side := range [][]row{a, b} {
		for i := range side {
			if r := &side[i]; r.grain == "day" && r.dim != foule.DimTotal {
				c.dims[place{site: p.Site, month: month, dim: r.dim}] = true
			}
		}
	}
	for i := range a {
		r := &a[i]
		if r.grain == "day" && r.dim == foule.DimTotal && r.by == foule.DimTotal {
			sum.Visits += r.counters[foule.Visits]
			sum.Visitors += r.counters[foule.Visitors]
			sum.Hits += r.counters[foule.Hits]
		}
	}
	for len(a) > 0 || len(b) > 0 {
		switch order := first(a, b); {
		case order < 0:
			c.differ(at, a[0], a[0].counters, nil)
			a = a[1:]
		case order > 0:
			c.differ(at, b[0], nil, b[0].counters)
			b = b[1:]
		default:
			if *a[0].counters != *b[0].counters {
				c.differ(at, a[0], a[0].counters, b[0].counters)
			}
			a, b = a[1:], b[1:]
		}
	}
}

// first says which side's next row comes first.
func first(a, b []row) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return a[0].compare(b[0])
}

func (c *checking) differ(at place, r row, from, to *foule.Metrics) {
	c.months[at].Equal = false
	at.grain, at.dim, at.by = r.grain, r.dim, r.by
	d := c.differences[at]
	if d == nil {
		d = &Difference{Site: at.site, Month: at.month, Grain: at.grain, Dim: at.dim, By: at.by}
		c.differences[at] = d
	}
	d.Rows++
	if from != nil {
		d.From.Add(from)
	}
	if to != nil {
		d.To.Add(to)
	}
}

// askBoth asks both stores for a site's dimensions over the whole time.
func (m *move) askBoth(ctx context.Context, c *checking, site foule.SiteID, parts []storage.Part) error {
	var days []foule.Day
	for _, p := range parts {
		if p.Site == site {
			days = append(days, p.Day)
		}
	}
	from, to := slices.Min(days), slices.Max(days)
	for _, dim := range c.dimensionsOf(site) {
		q := storage.TableQuery{Site: site, From: from, To: to, Dim: dim, Sort: foule.Hits, Limit: 1}
		a, err1 := ask(ctx, m.From, q)
		b, err2 := ask(ctx, m.To, q)
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("site %d, dimension %q: %w", site, dim, err)
		}
		if a != b {
			at := place{site: site, month: from.Month(), grain: "all", dim: dim}
			c.differences[at] = &Difference{Site: site, Month: at.month, Grain: at.grain, Dim: dim, Rows: 1, From: a, To: b}
		}
	}
	return nil
}

// dimensionsOf gives the dimensions that a site has a day's row of on either
// side, and the total.
func (c *checking) dimensionsOf(site foule.SiteID) []foule.Dimension {
	dims := []foule.Dimension{foule.DimTotal}
	for d := range c.dims {
		if d.site == site {
			dims = append(dims, d.dim)
		}
	}
	slices.Sort(dims)
	return slices.Compact(dims)
}

// ask sums a dimension over a range, in two halves where the whole is more than
// the store answers at once.
func ask(ctx context.Context, s storage.Reader, q storage.TableQuery) (foule.Metrics, error) {
	t, err := s.Table(ctx, q)
	if !errors.Is(err, storage.ErrLimit) || q.From == q.To {
		return t.Sum, err
	}
	early, late := q, q
	early.To = q.From + (q.To-q.From)/2
	late.From = early.To + 1
	sum, err := ask(ctx, s, early)
	if err != nil {
		return sum, err
	}
	rest, err := ask(ctx, s, late)
	sum.Add(&rest)
	return sum, err
}

func (c *checking) result() Check {
	var out Check
	for _, at := range slices.SortedFunc(maps.Keys(c.months), place.compare) {
		m := c.months[at]
		for d := range c.dims {
			if d.site == m.Site && d.month == m.Month {
				m.Dimensions++
			}
		}
		out.Months = append(out.Months, *m)
	}
	for _, at := range slices.SortedFunc(maps.Keys(c.differences), place.compare) {
		out.Differences = append(out.Differences, *c.differences[at])
	}
	return out
}

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.site, b.site), cmp.Compare(a.month, b.month), cmp.Compare(a.grain, b.grain),
		cmp.Compare(a.dim, b.dim), cmp.Compare(a.by, b.by))
}
