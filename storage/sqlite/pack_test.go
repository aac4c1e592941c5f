package sqlite

import (
	"testing"

	"foule.eu/foule"
	"pgregory.net/rapid"
)

func TestMergeRows(t *testing.T) {
	for _, c := range []struct{ x, y, want string }{
		{"", "", ""},
		{"3:1", "", "3:1"},
		{"", "3:1,2", "3:1,2"},
		{"3:1", "5:2", "3:1;5:2"},
		{"5:2", "3:1", "3:1;5:2"},
		{"0:1;7:1;15:1", "0:2;8:2;15:3", "0:3;7:1;8:2;15:4"},
		{"3:1,0,5", "3:-1,1", "3:0,1,5"},
		{"3:1", "3:-1", ""},
		{"1:1;3:1;4:1", "3:-1", "1:1;4:1"},
	} {
		got, err := mergeRows(nil, c.x, c.y)
		if err != nil || string(got) != c.want {
			t.Errorf("mergeRows(%q, %q) = %q, %v, want %q", c.x, c.y, got, err, c.want)
		}
	}
}

var malformedRows = []string{"3", "3:", ":1", "16:1", "-1:1", "x:1", "3:1;", ";3:1", "3:1;;4:1", "3:x", "99999999999999999999:1"}

func TestMalformedRows(t *testing.T) {
	for _, rows := range malformedRows {
		if err := readRows(rows); err == nil {
			t.Errorf("%q: no error", rows)
		}
	}
}

func readRows(rows string) error { return newTotals().add(0, rows, 1) }

// A merge is the sum, row by row, in the order of labels and without zeros.
func TestMergeIsSum(t *testing.T) {
	side := func(t *rapid.T, name string) (rows string, sums map[int64]foule.Metrics) {
		sums = map[int64]foule.Metrics{}
		var b []byte
		for n := range int64(packSize) {
			if rapid.IntRange(0, 3).Draw(t, name) > 0 {
				continue
			}
			m := foule.Metrics{}
			m[rapid.IntRange(0, foule.NumMetrics-1).Draw(t, "metric")] = rapid.Int64Range(-2, 2).Draw(t, "value")
			b, sums[n] = appendRow(b, n, &m), m
		}
		return string(b), sums
	}
	rapid.Check(t, func(t *rapid.T) {
		x, xs := side(t, "x")
		y, ys := side(t, "y")
		got, err := mergeRows(nil, x, y)
		if err != nil {
			t.Fatal(err)
		}
		var want []byte
		for n := range int64(packSize) {
			sum, more := xs[n], ys[n]
			sum.Add(&more)
			want = appendRow(want, n, &sum)
		}
		if string(got) != string(want) {
			t.Errorf("mergeRows(%q, %q) = %q, want %q", x, y, got, want)
		}
	})
}

// Whatever can be read can be merged, and taken away again.
func FuzzRows(f *testing.F) {
	for _, rows := range append(malformedRows, "", "0:1", "0:1;5:2,3;15:0,0,-7") {
		f.Add(rows)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		sums := newTotals()
		defer sums.done()
		if sums.add(7, rows, 1) != nil {
			return
		}
		if err := sums.add(7, rows, -1); err != nil {
			t.Fatal(err)
		}
		for _, row := range sums.rows {
			if !row.Metrics.IsZero() {
				t.Errorf("%q: label %d leaves %v", rows, row.id, row.Metrics)
			}
		}
		if _, err := mergeRows(nil, rows, ""); err != nil {
			t.Errorf("mergeRows(%q): %v", rows, err)
		}
	})
}
