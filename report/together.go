package report

import (
	"context"
	"sync"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Together gives a context for the questions of one page: the site's sums, which
// most answers have beside their table, are asked of the store once for all of
// them. The context must not outlive the page, as a sum is not asked again.
func Together(ctx context.Context) context.Context {
	return context.WithValue(ctx, togetherKey{}, &together{ctx: ctx, sums: map[sumOf]func() (storage.TableResult, error){}})
}

type togetherKey struct{}

// together holds the sums that questions have in common.
type together struct {
	ctx context.Context // of the page: a question that fails must not take a sum from the others

	mu   sync.Mutex
	sums map[sumOf]func() (storage.TableResult, error) // guarded by mu
}

// sumOf is a question for one row: the site's total, or a label.
type sumOf struct {
	site     foule.SiteID
	from, to foule.Day
	dim      foule.Dimension
	label    string
}

// table asks the store for a table, and for a sum only if no question of the page
// has asked for it yet.
func (s *Service) table(ctx context.Context, q storage.TableQuery) (storage.TableResult, error) {
	t, ok := ctx.Value(togetherKey{}).(*together)
	isSum := q.Filter == nil && q.Search == "" && !q.HideEmpty && q.Offset == 0 && (q.Label != nil || q.Dim == foule.DimTotal)
	if !ok || !isSum {
		return s.Store.Table(ctx, q)
	}
	key := sumOf{site: q.Site, from: q.From, to: q.To, dim: q.Dim}
	if q.Label != nil {
		key.label = *q.Label
	}
	t.mu.Lock()
	once, ok := t.sums[key]
	if !ok {
		once = sync.OnceValues(func() (storage.TableResult, error) { return s.Store.Table(t.ctx, q) })
		t.sums[key] = once
	}
	t.mu.Unlock()
	return once()
}
