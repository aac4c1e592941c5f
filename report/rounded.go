package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// answerRounded is answer where figures leave rounded. It asks the store for
// whole tables, block by block, and narrows, sorts and pages what has passed the
// door: what is asked for then changes nothing about what is shown.
func (s *Service) answerRounded(ctx context.Context, p *plan, a *Answer) error {
	today, err := s.today(p.Site)
	if err != nil {
		return err
	}
	blocks := cut(p.From, p.To, today)
	sum := newTally(nil)
	err = s.each(ctx, p, blocks, func(_ int, t *disclosed) { sum.add(t) })
	if err != nil {
		return err
	}
	a.Totals, a.Other = sum.total, sum.other
	a.TooFew = p.Filter != nil && sum.total.IsZero()
	if a.TooFew && p.report.Dim != foule.DimTotal {
		return nil
	}
	p.narrow(sum, a)
	if p.Grain == GrainTotal {
		return nil
	}
	return s.seriesRounded(ctx, p, a, today)
}

// today is the day that is not over yet, by the site's calendar.
func (s *Service) today(site foule.Site) (foule.Day, error) {
	loc, err := location(site)
	if err != nil {
		return 0, err
	}
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	return foule.DayOf(now(), loc), nil
}

// tally adds up disclosed tables.
type tally struct {
	rows         map[string]*foule.Metrics
	keep         map[string]bool // nil: every label
	total, other foule.Metrics
}

func newTally(keep map[string]bool) *tally {
	return &tally{rows: map[string]*foule.Metrics{}, keep: keep}
}

func (y *tally) add(t *disclosed) {
	y.total.Add(&t.sum)
	y.other.Add(&t.other)
	for i := range t.rows {
		row := &t.rows[i]
		if y.keep != nil && !y.keep[row.Label] {
			continue
		}
		if y.rows[row.Label] == nil {
			y.rows[row.Label] = &foule.Metrics{}
		}
		y.rows[row.Label].Add(&row.Metrics)
	}
}

// narrow puts into the answer the rows that were asked for.
func (p *plan) narrow(sum *tally, a *Answer) {
	if p.report.Dim == foule.DimTotal {
		a.Rows, a.RowCount = []Row{{Metrics: a.Totals}}, 1
		return
	}
	if p.narrowed() {
		a.Other = foule.Metrics{}
	}
	rows := make([]Row, 0, len(sum.rows))
	for label, m := range sum.rows {
		if !p.never && p.wants(label) && !m.IsZero() {
			rows = append(rows, Row{Label: label, Metrics: *m})
		}
	}
	if p.ordered() {
		a.Rows = inOrder(p, rows)
		a.RowCount = len(a.Rows)
		return
	}
	a.RowCount = len(rows)
	sortShown(p, rows)
	a.Rows = p.page(rows)
}

// wants says whether the question is about a label, as the store would.
func (p *plan) wants(label string) bool {
	switch {
	case p.label != nil:
		return label == *p.label
	case label == "" && p.hideEmpty():
		return false
	}
	return p.Search == "" || strings.Contains(storage.LowerASCII(label), storage.LowerASCII(p.Search))
}

// seriesRounded is series where figures leave rounded: every bucket is the sum
// of its own blocks.
func (s *Service) seriesRounded(ctx context.Context, p *plan, a *Answer, today foule.Day) error {
	loc, err := location(p.Site)
	if err != nil {
		return err
	}
	line := newTimeline(p.Grain, p.From, p.To, loc)
	labels := seriesLabels(p, a.Rows)
	buckets := make([]*tally, len(line.texts))
	for i := range buckets {
		buckets[i] = newTally(map[string]bool{})
		for _, label := range labels {
			buckets[i].keep[label] = true
		}
	}
	if p.Grain == GrainHour {
		err = s.hoursRounded(ctx, p, &line, buckets)
	} else {
		err = s.bucketsRounded(ctx, p, today, buckets)
	}
	if err != nil {
		return err
	}
	rows := make([]Row, 0, len(labels)*len(buckets))
	for _, label := range labels {
		for i, text := range line.texts {
			row := Row{Label: label, Bucket: text}
			if p.report.Dim == foule.DimTotal {
				row.Label, row.Metrics = "", buckets[i].total
			} else if m := buckets[i].rows[label]; m != nil {
				row.Metrics = *m
			}
			rows = append(rows, row)
		}
	}
	if p.label != nil || p.dim == foule.DimTotal {
		a.RowCount = len(labels)
	}
	a.Rows, a.RowCount = rows, a.RowCount*len(line.texts)
	a.Other = foule.Metrics{}
	return nil
}

// maxAtOnce bounds the tables of one question that the store is asked at the same
// time: others ask it too.
const maxAtOnce = 4

// maxBlocks bounds the tables that one answer by time reads (invariant I5).
const maxBlocks = 800

func (s *Service) bucketsRounded(ctx context.Context, p *plan, today foule.Day, buckets []*tally) error {
	var blocks []block
	var of []int // the bucket of each block
	i := 0
	for from := p.From; from <= p.To; i++ {
		to := p.To
		switch p.Grain {
		case GrainDay:
			to = from
		case GrainWeek:
			to = min(to, from.Monday()+6)
		case GrainMonth:
			to = min(to, from.Month().Last())
		}
		for _, b := range cut(from, to, today) {
			blocks, of = append(blocks, b), append(of, i)
		}
		from = to + 1
	}
	if len(blocks) > maxBlocks && p.dim != foule.DimTotal {
		return bad("grain", "figures of this site leave rounded, for which this takes too many tables: ask for a shorter range or a wider grain")
	}
	return s.each(ctx, p, blocks, func(n int, t *disclosed) { buckets[of[n]].add(t) })
}

// hoursRounded fills the buckets by hour, which only the site's totals have.
func (s *Service) hoursRounded(ctx context.Context, p *plan, line *timeline, buckets []*tally) error {
	q := line.query
	q.Site = p.Site.ID
	points, err := storage.Series(ctx, s.Store, q)
	if err != nil {
		return err
	}
	d := doorOf(&p.Site, foule.DimTotal)
	for i, row := range line.fill("", points) {
		buckets[i].total = d.cell(&row.Metrics)
	}
	return nil
}

// each reads the plan's table over each block and hands it on as it may leave,
// one at a time, in any order. Where the plan has a filter, a block in which the
// filter's own label is hidden gives nothing.
func (s *Service) each(ctx context.Context, p *plan, blocks []block, take func(n int, t *disclosed)) error {
	if len(blocks) == 0 {
		return nil
	}
	var all days
	if p.Filter == nil {
		var err error
		if all, err = s.totalDays(ctx, p.Site.ID, blocks); err != nil {
			return err
		}
	}
	d := doorOf(&p.Site, foule.DimTotal)
	if p.dim == foule.DimTotal {
		for n, b := range blocks {
			sum := all.sum(b)
			take(n, &disclosed{sum: d.cell(&sum)})
		}
		return nil
	}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(maxAtOnce)
	for n, b := range blocks {
		g.Go(func() error {
			sum := all.sum(b)
			t, err := s.blockTable(ctx, p, b, d.cell(&sum))
			if err != nil || t == nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			take(n, t)
			return nil
		})
	}
	return g.Wait()
}

// days are the site's totals by day, in order.
type days []storage.Point

// totalDays gives the days of all blocks in one query.
func (s *Service) totalDays(ctx context.Context, site foule.SiteID, blocks []block) (days, error) {
	return storage.Series(ctx, s.Store, storage.SeriesQuery{Site: site, Grain: storage.GrainDay, From: blocks[0].from, To: blocks[len(blocks)-1].to})
}

func (d days) sum(b block) (sum foule.Metrics) {
	from, _ := slices.BinarySearchFunc(d, int64(b.from), func(p storage.Point, day int64) int { return cmp.Compare(p.Bucket, day) })
	for i := from; i < len(d) && d[i].Bucket <= int64(b.to); i++ {
		sum.Add(&d[i].Metrics)
	}
	return sum
}

// blockTable gives one block's table with its totals, which are the site's
// unless there is a filter; nil where the filter's label is hidden.
func (s *Service) blockTable(ctx context.Context, p *plan, b block, total foule.Metrics) (*disclosed, error) {
	t, err := s.openTable(ctx, &p.Site, p.dim, p.filter, b)
	if err != nil {
		return nil, err
	}
	if p.Filter != nil {
		whole := t
		if p.filter != nil {
			if whole, err = s.openTable(ctx, &p.Site, p.Filter.Dim, nil, b); err != nil {
				return nil, err
			}
		}
		if whole = only(whole, p.Filter.Label); len(whole.rows) == 0 {
			return nil, nil
		}
		total = whole.sum
	}
	if p.ofActions() && p.report.Dim != foule.DimTotal {
		for _, m := range own {
			total[m] = t.sum[m]
		}
	}
	t.sum = total
	return &t, nil
}

// only keeps one label of a table.
func only(t disclosed, label string) (out disclosed) {
	for i := range t.rows {
		if t.rows[i].Label == label {
			out.rows, out.sum = t.rows[i:i+1], t.rows[i].Metrics
		}
	}
	return out
}

// openTable reads a block's whole table and discloses it. Which rows the store
// gives of a table that is longer than MaxLimit has to be the same whatever is
// asked, so the order is always that of the dimension's own report.
func (s *Service) openTable(ctx context.Context, site *foule.Site, dim foule.Dimension, filter *storage.Filter, b block) (disclosed, error) {
	q := storage.TableQuery{Site: site.ID, From: b.from, To: b.to, Dim: dim, Filter: filter, Sort: foule.Visits, Limit: MaxLimit}
	if dim.Info().Scope != foule.ScopeVisit {
		q.Sort = foule.Hits
	}
	t, err := s.Store.Table(ctx, q)
	if err != nil {
		return disclosed{}, fmt.Errorf("block of %s to %s: %w", b.from, b.to, err)
	}
	return doorOf(site, dim).table(&t), nil
}

// tableRounded is tableOf where figures leave rounded: the sum of the range's
// blocks, of which a filter's label has to be shown. Of the query it knows
// dimension, filter, label, sort and limit.
func (s *Service) tableRounded(ctx context.Context, site *foule.Site, from, to foule.Day, q storage.TableQuery) (out storage.TableResult, err error) {
	today, err := s.today(*site)
	if err != nil {
		return out, err
	}
	p := &plan{Question: Question{Site: *site, From: from, To: to, Filter: q.Filter, Limit: cmp.Or(q.Limit, MaxLimit)}, report: &Report{Dim: q.Dim},
		dim: q.Dim, filter: q.Filter, label: q.Label, column: stored(q.Sort, "", UnitCount)}
	sum, a := newTally(nil), &Answer{}
	if err := s.each(ctx, p, cut(from, to, today), func(_ int, t *disclosed) { sum.add(t) }); err != nil {
		return out, err
	}
	a.Other = sum.other
	p.narrow(sum, a)
	out.Other = a.Other
	for _, row := range a.Rows {
		out.Rows = append(out.Rows, storage.Row{Label: row.Label, Metrics: row.Metrics})
		out.Sum.Add(&row.Metrics)
	}
	return out, nil
}
