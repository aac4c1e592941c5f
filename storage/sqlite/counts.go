package sqlite

import (
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"foule.eu/foule"
	"modernc.org/sqlite"
)

// places says which metric stands where in the text of a row's counters. Files
// are written in this order whatever the numbers of the metrics are: only append.
var places = [foule.NumMetrics]foule.Metric{
	foule.Visits, foule.Visitors, foule.Hits, foule.Actions, foule.Bounces, foule.Seconds,
	foule.Entries, foule.EntryBounces, foule.Exits,
	foule.ConvertedVisits, foule.Conversions, foule.Revenue, foule.Value, foule.ValueCount,
}

var errCounts = errors.New("malformed counters")

// appendCounts writes m as decimal integers between commas, without the zeros
// at the end; all zero is "".
func appendCounts(b []byte, m *foule.Metrics) []byte {
	last := len(places) - 1
	for last >= 0 && m[places[last]] == 0 {
		last--
	}
	for i := 0; i <= last; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, m[places[i]], 10)
	}
	return b
}

// addCounts adds what appendCounts wrote to m.
func addCounts(m *foule.Metrics, s string) error {
	place, i := 0, 0
	for i < len(s) {
		neg := s[i] == '-'
		if neg {
			i++
		}
		var n uint64
		start := i
		for ; i < len(s) && s[i]-'0' <= 9; i++ {
			n = n*10 + uint64(s[i]-'0')
		}
		if i == start || i-start > 19 || place == len(places) {
			return errCounts
		}
		if neg {
			n = -n
		}
		m[places[place]] += int64(n)
		place++
		if i == len(s) {
			return nil
		}
		if s[i] != ',' || i+1 == len(s) {
			return errCounts
		}
		i++
	}
	return nil
}

// registerFunctions tells the engine, once per process, the two functions that
// the queries use. Their text arguments are only borrowed (VolatileArgs).
var registerFunctions = sync.OnceFunc(func() {
	sqlite.MustRegisterFunction("foule_add", &sqlite.FunctionImpl{
		NArgs: 2, Deterministic: true, VolatileArgs: true, Scalar: sqlAdd,
	})
	sqlite.MustRegisterFunction("foule_totals", &sqlite.FunctionImpl{
		NArgs: 2, Deterministic: true, VolatileArgs: true,
		MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) {
			return newTotals(), nil
		},
	})
})

// sqlAdd is foule_add(counts, counts): the sum of two rows' counters.
func sqlAdd(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	var m foule.Metrics
	for _, a := range args {
		s, ok := a.(string)
		if !ok {
			return nil, errCounts
		}
		if err := addCounts(&m, s); err != nil {
			return nil, err
		}
	}
	var buf [64]byte
	return string(appendCounts(buf[:0], &m)), nil
}

// totals is foule_totals(label, counts): the counters summed by label. Inside
// the engine this costs a quarter of "group by" with a sum per column. The
// result is a blob for [totals.merge]: per label its id, a bit per place that
// is not zero, and those places as varints.
type totals struct {
	index map[int64]int32 // label id → position in rows
	rows  []labelled
	next  int // position after that of the last label asked for
}

// used holds totals that are done with, as they are made anew for every part of
// every answer and hold a label's every counter.
var used = sync.Pool{New: func() any { return &totals{index: map[int64]int32{}} }}

func newTotals() *totals { return used.Get().(*totals) }

// done gives t back; nothing of it may be kept.
func (t *totals) done() {
	clear(t.index)
	t.rows, t.next = t.rows[:0], 0
	used.Put(t)
}

// labelled is a label's id with its counters.
type labelled struct {
	id int64
	foule.Metrics
}

// at gives the counters of a label, new ones if need be. The pointer is good
// until the next call. Buckets list their labels in the same order, so the label
// after the last one is tried first.
func (t *totals) at(id int64) *foule.Metrics {
	if t.next < len(t.rows) && t.rows[t.next].id == id {
		t.next++
		return &t.rows[t.next-1].Metrics
	}
	i, ok := t.index[id]
	if !ok {
		i = int32(len(t.rows))
		t.index[id] = i
		t.rows = append(t.rows, labelled{id: id})
	}
	t.next = int(i) + 1
	return &t.rows[i].Metrics
}

// Step takes a row.
func (t *totals) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	id, ok := args[0].(int64)
	counts, ok2 := args[1].(string)
	if !ok || !ok2 {
		return errCounts
	}
	return addCounts(t.at(id), counts)
}

// WindowInverse refuses to be a window function.
func (t *totals) WindowInverse(*sqlite.FunctionContext, []driver.Value) error {
	return errors.New("foule_totals is not a window function")
}

// WindowValue gives the sums.
func (t *totals) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	b := make([]byte, 0, 16*len(t.rows))
	for i := range t.rows {
		row := &t.rows[i]
		var mask uint64
		for p, m := range places {
			if row.Metrics[m] != 0 {
				mask |= 1 << p
			}
		}
		b = binary.AppendUvarint(b, uint64(row.id))
		b = binary.AppendUvarint(b, mask)
		for _, m := range places {
			if v := row.Metrics[m]; v != 0 {
				b = binary.AppendVarint(b, v)
			}
		}
	}
	return b, nil
}

// Final is called when the value has been taken.
func (t *totals) Final(*sqlite.FunctionContext) { t.done() }

// merge adds what WindowValue wrote, or takes it away with sign -1.
func (t *totals) merge(blob []byte, sign int64) error {
	r := varints{blob}
	for len(r.b) > 0 {
		id, mask := r.uvarint(), r.uvarint()
		row := t.at(int64(id))
		for p := 0; mask != 0; p, mask = p+1, mask>>1 {
			if mask&1 == 0 {
				continue
			}
			if p >= len(places) || len(r.b) == 0 {
				return fmt.Errorf("totals of label %d: %w", id, errCounts)
			}
			row[places[p]] += sign * r.varint()
		}
	}
	return nil
}

// varints reads numbers off a slice; a cut one ends it.
type varints struct{ b []byte }

func (r *varints) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	r.skip(n)
	return v
}

func (r *varints) varint() int64 {
	v, n := binary.Varint(r.b)
	r.skip(n)
	return v
}

func (r *varints) skip(n int) {
	if n <= 0 {
		n = len(r.b)
	}
	r.b = r.b[n:]
}
