package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// # Erasing without transactions
//
// Batches come in while something is erased, and there is no transaction to keep
// them out. So figures are not deleted but taken back: a row's sum is added with
// its sign turned (and, of a label, once more under foule.Other), like any other
// difference. What a batch adds meanwhile stays right, whichever comes first, and
// an answer that was lost does no harm: the sum is read anew.
//
// A label is taken from each table by that table's own sums. The days of a range
// are no sums of stats_month: what is taken from stats_day goes there too, in an
// insert of its own, which is tried again for a while. Only a process that is killed
// between the two leaves the months as they were.
//
// A row that has come to zero is in no answer; the engine drops it as it merges.
// That is asked for at once, of each partition that holds such rows, and looked
// after. A whole site is deleted outright (alter table … delete): none of its
// sums has to stay right.

// erasing is an erasure under way.
type erasing struct {
	s     *Store
	e     *storage.Erasure
	texts map[string]bool // the labels
	rows  int64           // taken
	left  bool            // more came in than could be taken
}

// taken is a table as an erasure sees it.
type taken struct {
	table     string
	bucket    string // the key's time, as foule counts it
	day       string // that it lies in, by UTC
	partition string // as the migrations have it
	label, by bool   // which columns it has beside
	follows   bool   // another table, where days are taken
}

// takenTables are the tables that hold what is counted.
func takenTables(d dialect) []taken {
	return []taken{
		{"stats_minute", "toInt64(intDiv(toUnixTimestamp(minute), 60))", "intDiv(toUnixTimestamp(minute), 86400)", "toYYYYMM(minute)", false, false, false},
		{"stats_hour", "toInt64(intDiv(toUnixTimestamp(hour), 3600))", "intDiv(toUnixTimestamp(hour), 86400)", "toYYYYMM(hour)", true, false, false},
		{"stats_day", "toInt64(toUInt16(day))", "toUInt16(day)", "toYYYYMM(day)", true, true, false},
		{"stats_month", "toInt64(toUInt16(month))", "", d.Years("month"), true, true, true},
	}
}

func (x *erasing) run(ctx context.Context, texts []string) error {
	switch x.e.Kind {
	case storage.ErasedSite:
		return x.wholeSite(ctx)
	case storage.ErasedRange:
		return x.days(ctx)
	}
	return x.labels(ctx, texts)
}

// which says which rows of a table are meant.
type which struct {
	where string
	v     values
}

// eraseTries is how often rows are taken that came meanwhile.
const eraseTries = 3

// take takes rows back until none is left, in each of the tables in turn. If some
// still come in, the erasure is not done: the repetition has to look at all days.
func (x *erasing) take(ctx context.Context, of func(taken) (which, bool)) error {
	srv, err := x.s.known(ctx)
	if err != nil {
		return err
	}
	for range eraseTries {
		left := 0
		for _, t := range takenTables(x.s.dialect(srv)) {
			w, has := of(t)
			if !has {
				continue
			}
			if err := x.takeBack(ctx, t, w); err != nil {
				return err
			}
			n, err := x.dropZeros(ctx, t, w)
			if err != nil {
				return err
			}
			left += n
		}
		if left == 0 {
			return nil
		}
	}
	x.left = true
	return nil
}

// followed says whether a table's rows are taken together with another's.
func (x *erasing) followed(t taken) bool { return t.follows && x.e.Kind != storage.ErasedLabel }

// eraseFill fills in the queries about rows to be taken.
type eraseFill struct {
	Table, Bucket, Piece, Where string
	Label, By                   bool
}

func (t taken) fill(w which, piece string) eraseFill {
	return eraseFill{t.table, t.bucket, piece, w.where, t.label, t.by}
}

// pieces gives the days or partitions that hold rows that are meant, zero or not.
func (x *erasing) pieces(ctx context.Context, t taken, w which, piece string) (list []uint64, err error) {
	err = x.s.rows(ctx, "erase_pieces", t.fill(w, piece), w.v, func(rows lib.Rows) error {
		var p uint64
		err := rows.Scan(&p)
		list = append(list, p)
		return err
	})
	return list, err
}

// takeBack adds the rows' sums with their signs turned. It goes piece by piece,
// so that no answer is too large: a range has all rows of its days.
func (x *erasing) takeBack(ctx context.Context, t taken, w which) error {
	if x.followed(t) {
		return nil
	}
	piece := t.partition
	if x.e.Kind == storage.ErasedRange {
		piece = t.day
	}
	list, err := x.pieces(ctx, t, w, piece)
	if err != nil {
		return err
	}
	for _, p := range list {
		v := maps.Clone(w.v)
		v["piece"] = p
		if err := x.takePiece(ctx, t, t.fill(w, piece), v); err != nil {
			return err
		}
	}
	return nil
}

// maxTaken bounds the rows that are in memory.
const maxTaken = maxChunkRows

func (x *erasing) takePiece(ctx context.Context, t taken, fill eraseFill, v values) error {
	var turned []keyed
	flush := func() error {
		err := x.put(ctx, t, turned)
		turned = nil
		return err
	}
	err := x.s.rows(ctx, "erase_rows", fill, v, func(rows lib.Rows) error {
		var r keyed
		var dim, by uint8
		if err := rows.Scan(append([]any{&dim, &by, &r.byLabel, &r.bucket, &r.label}, into(&r.Metrics, allMetrics)...)...); err != nil {
			return err
		}
		r.site, r.dim, r.by = x.e.Site, foule.Dimension(dim), foule.Dimension(by)
		turned = append(turned, x.turned(r)...)
		if !t.follows { // months say again what days say
			x.rows++
		}
		if len(turned) < maxTaken {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// turned gives a row with its signs turned; of a label, once more where it goes.
func (x *erasing) turned(r keyed) []keyed {
	minus := r
	minus.Metrics = foule.Metrics{}
	minus.Metrics.Sub(&r.Metrics)
	if x.e.Kind == storage.ErasedLabel {
		return []keyed{minus, x.moved(r)}
	}
	return []keyed{minus}
}

// putTime is how long rows are tried again that the server did not take.
const putTime = time.Minute

// put adds rows to a table and to what follows it. It does not stop between the
// two when its caller gives up.
func (x *erasing) put(ctx context.Context, t taken, rows []keyed) error {
	if len(rows) == 0 {
		return ctx.Err()
	}
	tables := chunksOf(asBatch(t, rows))
	if x.e.Kind == storage.ErasedLabel { // each table by its own sums
		tables = slices.DeleteFunc(tables, func(c tableChunks) bool { return c.name != t.table })
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putTime)
	defer cancel()
	token := fmt.Sprintf("erase/%d/%016x", x.e.ID, rand.Uint64())
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		err := x.s.apply(ctx, token, tables)
		if err == nil || denied(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// asBatch gives a table's rows as a batch has them. A month is its first day.
func asBatch(t taken, rows []keyed) *storage.Batch {
	b := &storage.Batch{}
	for _, r := range rows {
		switch {
		case t.by:
			b.Days = append(b.Days, storage.DayRow{Site: r.site, Day: foule.Day(r.bucket), Dim: r.dim, Label: r.label, By: r.by, ByLabel: r.byLabel, Metrics: r.Metrics})
		case t.label:
			b.Hours = append(b.Hours, storage.HourRow{Site: r.site, Hour: r.bucket, Dim: r.dim, Label: r.label, Metrics: r.Metrics})
		default:
			b.Minutes = append(b.Minutes, storage.MinuteRow{Site: r.site, Minute: r.bucket, Metrics: r.Metrics})
		}
	}
	return b
}

// moved gives the row that a row of a label goes to. One under such a label goes
// under foule.Other on both sides: that is where aggregate counts what is under a
// label that it may not name.
func (x *erasing) moved(r keyed) keyed {
	under := r.by != foule.DimTotal && x.takes(r.by, r.byLabel)
	if under {
		r.byLabel = foule.Other
	}
	if r.dim != foule.DimTotal && (under || x.takes(r.dim, r.label)) {
		r.label = foule.Other
	}
	return r
}

func (x *erasing) takes(dim foule.Dimension, label string) bool {
	return (x.e.Dim == foule.DimTotal || x.e.Dim == dim) && x.texts[label]
}

// dropZeros merges the partitions that hold such rows, so that those which have
// come to zero go, and says how many partitions have some left.
func (x *erasing) dropZeros(ctx context.Context, t taken, w which) (left int, err error) {
	parts, err := x.pieces(ctx, t, w, t.partition)
	if err != nil || len(parts) == 0 {
		return 0, err
	}
	for _, p := range parts {
		if err := x.s.optimize(ctx, t.table, fmt.Sprint(p)); err != nil {
			return 0, err
		}
	}
	if x.followed(t) {
		return 0, nil // the months have other days
	}
	parts, err = x.pieces(ctx, t, w, t.partition)
	return len(parts), err
}

// optimize makes one part of a partition.
func (s *Store) optimize(ctx context.Context, table, partition string) error {
	srv, err := s.known(ctx)
	if err != nil {
		return err
	}
	d := s.dialect(srv)
	if strings.HasPrefix(table, "stats_") {
		table = d.Local(table)
	}
	ctx, cancel := patient(ctx)
	defer cancel()
	return s.exec(ctx, "optimize", struct{ Table, OnCluster, Partition string }{table, d.OnCluster(), partition}, nil)
}

// days takes the rows of a range.
func (x *erasing) days(ctx context.Context) error {
	sites, err := x.s.siteRows(ctx, x.e.Site)
	if err != nil || len(sites) == 0 { // an erased site needs no more
		return err
	}
	span, err := x.e.Days(&sites[0].Site)
	if err != nil {
		return err
	}
	of := map[string]which{
		"stats_minute": between("minute", span.FromMinute*60, span.ToMinute*60),
		"stats_hour":   between("hour", span.FromHour*3600, span.ToHour*3600),
		"stats_day": {"day >= toDate({from:UInt16}) and day < toDate({to:UInt16})", values{
			"from": uint16(clamp(span.FromDay, maxDate)), "to": uint16(clamp(span.ToDay, maxDate)),
		}},
		"stats_month": {"month >= toDate({from:UInt16}) and month < toDate({to:UInt16})", values{
			"from": uint16(clamp(span.FromDay.Month().First(), maxDate)), "to": uint16(clamp(span.ToDay, maxDate)),
		}},
	}
	return x.take(ctx, func(t taken) (which, bool) {
		w, has := of[t.table]
		if has {
			w.v["site"] = uint32(x.e.Site)
		}
		return w, has
	})
}

// between means the rows of a span of Unix seconds, the end not included.
func between(column string, from, to int64) which {
	return which{
		fmt.Sprintf("%[1]s >= toDateTime({from:UInt32}) and %[1]s < toDateTime({to:UInt32})", column),
		values{"from": uint32(clamp(from, maxDateTime)), "to": uint32(clamp(to, maxDateTime))},
	}
}

// maxTexts is how many labels are asked for at a time.
const maxTexts = 50

// labels moves what stands under labels, on either side, into foule.Other.
func (x *erasing) labels(ctx context.Context, texts []string) error {
	x.texts = make(map[string]bool, len(texts))
	for _, text := range texts {
		x.texts[text] = true
	}
	for len(texts) > 0 {
		n := min(len(texts), maxTexts)
		some := texts[:n]
		texts = texts[n:]
		v := values{"site": uint32(x.e.Site), "dim": uint8(x.e.Dim)}
		names := make([]string, n)
		for i, text := range some {
			name := fmt.Sprintf("text%d", i)
			v[name], names[i] = text, "{"+name+":String}"
		}
		list := strings.Join(names, ", ")
		label := fmt.Sprintf("label in (%s) and ({dim:UInt8} = 0 or dim = {dim:UInt8})", list)
		by := fmt.Sprintf("by_label in (%s) and by_dim != 0 and ({dim:UInt8} = 0 or by_dim = {dim:UInt8})", list)
		err := x.take(ctx, func(t taken) (which, bool) {
			if t.by {
				return which{fmt.Sprintf("(%s or %s)", label, by), v}, true
			}
			return which{label, v}, t.label
		})
		if err != nil {
			return err
		}
	}
	return nil
}
