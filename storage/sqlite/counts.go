package sqlite

import (
	"database/sql/driver"
	"errors"
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
	foule.Interactions, foule.Quantity,
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

// countsText is appendCounts as the string that a statement takes.
func countsText(m *foule.Metrics) string {
	var buf [64]byte
	return string(appendCounts(buf[:0], m))
}

// registerFunctions tells the engine, once per process, the two functions that
// the statements use. Their arguments are only borrowed (VolatileArgs).
var registerFunctions = sync.OnceFunc(func() {
	for name, sum := range map[string]func(b []byte, x, y string) ([]byte, error){
		"foule_add":   sumCounts,
		"foule_merge": mergeRows,
	} {
		sqlite.MustRegisterFunction(name, &sqlite.FunctionImpl{
			NArgs: 2, Deterministic: true, VolatileArgs: true,
			Scalar: func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
				x, ok := args[0].(string)
				y, ok2 := args[1].(string)
				if !ok || !ok2 {
					return nil, errCounts
				}
				b, err := sum(make([]byte, 0, len(x)+len(y)+32), x, y)
				return string(b), err
			},
		})
	}
})

// sumCounts is foule_add(counts, counts): the sum of two rows' counters.
func sumCounts(b []byte, x, y string) ([]byte, error) {
	var m foule.Metrics
	if err := addCounts(&m, x); err != nil {
		return nil, err
	}
	if err := addCounts(&m, y); err != nil {
		return nil, err
	}
	return appendCounts(b, &m), nil
}
