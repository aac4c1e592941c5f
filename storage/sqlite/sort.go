package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"foule.eu/foule/storage"
)

// byMetric compares rows by the metric that a query sorts by.
func byMetric(q *storage.TableQuery) func(a, b *labelled) int {
	if q.Ascending {
		return func(a, b *labelled) int { return cmp.Compare(a.Metrics[q.Sort], b.Metrics[q.Sort]) }
	}
	return func(a, b *labelled) int { return cmp.Compare(b.Metrics[q.Sort], a.Metrics[q.Sort]) }
}

// byText compares rows by label; only a sort by label can be descending.
func byText(q *storage.TableQuery, texts map[int64]string) func(a, b *labelled) int {
	if q.SortLabel && !q.Ascending {
		return func(a, b *labelled) int { return strings.Compare(texts[b.id], texts[a.id]) }
	}
	return func(a, b *labelled) int { return strings.Compare(texts[a.id], texts[b.id]) }
}

// upTo leaves of rows, in any order, the first n by compare and those that are
// tied with the n-th: all that can be among the first n whatever breaks ties.
func upTo(rows []*labelled, n int, compare func(a, b *labelled) int) []*labelled {
	if n <= 0 || n >= len(rows) {
		return rows
	}
	// The n best so far, in order; almost every row of a long table only fails
	// against the last of them.
	best := slices.Clone(rows[:n])
	slices.SortFunc(best, compare)
	for _, row := range rows[n:] {
		if compare(row, best[n-1]) >= 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, row, compare)
		copy(best[i+1:], best[i:n-1])
		best[i] = row
	}
	worst := best[n-1]
	return slices.DeleteFunc(rows, func(row *labelled) bool { return compare(row, worst) > 0 })
}

func idsOf(rows []*labelled) []int64 {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.id
	}
	return ids
}
