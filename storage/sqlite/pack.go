package sqlite

import (
	"strconv"
	"strings"
	"sync"

	"foule.eu/foule"
)

// packSize is how many labels share a row of the file: those whose ids are
// equal but for the last four bits. Labels are numbered as they are first seen,
// so the ones that most people see have small ids and lie together. A full pack
// is about 450 bytes, of which a page of the file holds several.
const packSize = 16

// appendRow writes the counters of label n of a pack, "n:counts", after what is
// there already; all zero is nothing.
func appendRow(b []byte, n int64, m *foule.Metrics) []byte {
	if m.IsZero() {
		return b
	}
	return appendCounts(appendNumber(b, n), m)
}

func appendNumber(b []byte, n int64) []byte {
	if len(b) > 0 {
		b = append(b, ';')
	}
	return append(strconv.AppendInt(b, n, 10), ':')
}

// cutRow takes the first row off a pack.
func cutRow(rows string) (n int64, counts, rest string, err error) {
	row, rest, more := strings.Cut(rows, ";")
	number, counts, ok := strings.Cut(row, ":")
	for i := range len(number) {
		if n = n*10 + int64(number[i]-'0'); number[i] < '0' || number[i] > '9' || n >= packSize {
			return 0, "", "", errCounts
		}
	}
	if !ok || number == "" || counts == "" || more && rest == "" {
		return 0, "", "", errCounts
	}
	return n, counts, rest, nil
}

// mergeRows is foule_merge(rows, rows): the sum of two packs, both in order of
// their labels. Rows that are in one of them only go over as they are.
func mergeRows(b []byte, x, y string) ([]byte, error) {
	const none = packSize // greater than any label
	cut := func(rows string) (int64, string, string, error) {
		if rows == "" {
			return none, "", "", nil
		}
		return cutRow(rows)
	}
	nx, cx, x, err := cut(x)
	if err != nil {
		return nil, err
	}
	ny, cy, y, err := cut(y)
	for err == nil && (nx < none || ny < none) {
		switch {
		case nx < ny:
			b = append(appendNumber(b, nx), cx...)
			nx, cx, x, err = cut(x)
		case ny < nx:
			b = append(appendNumber(b, ny), cy...)
			ny, cy, y, err = cut(y)
		default:
			var m foule.Metrics
			if err = addCounts(&m, cx); err != nil {
				break
			}
			if err = addCounts(&m, cy); err != nil {
				break
			}
			b = appendRow(b, nx, &m)
			if nx, cx, x, err = cut(x); err != nil {
				break
			}
			ny, cy, y, err = cut(y)
		}
	}
	return b, err
}

// totals are counters summed by label.
type totals struct {
	index map[int64]int32 // label id → position in rows
	rows  []labelled
	next  int // position after that of the last label asked for
}

// labelled is a label's id with its counters.
type labelled struct {
	id int64
	foule.Metrics
}

// used holds totals that are done with: they hold every counter of every label,
// and each answer needs new ones.
var used = sync.Pool{New: func() any { return &totals{index: map[int64]int32{}} }}

func newTotals() *totals { return used.Get().(*totals) }

// done gives t back; nothing of it may be kept.
func (t *totals) done() {
	clear(t.index)
	t.rows, t.next = t.rows[:0], 0
	used.Put(t)
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

// add adds the rows of a pack, or takes them away with sign -1.
func (t *totals) add(pack int64, rows string, sign int64) error {
	for rows != "" {
		n, counts, rest, err := cutRow(rows)
		if err != nil {
			return err
		}
		if err := addSigned(t.at(pack*packSize+n), counts, sign); err != nil {
			return err
		}
		rows = rest
	}
	return nil
}

func addSigned(m *foule.Metrics, counts string, sign int64) error {
	if sign > 0 {
		return addCounts(m, counts)
	}
	var taken foule.Metrics
	err := addCounts(&taken, counts)
	m.Sub(&taken)
	return err
}

// pick gives the counters of label n of a pack, "" if it is not there.
func pick(rows string, n int64) (string, error) {
	for rows != "" {
		have, counts, rest, err := cutRow(rows)
		if err != nil || have == n {
			return counts, err
		}
		rows = rest
	}
	return "", nil
}
