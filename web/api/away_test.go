package api_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
	"foule.eu/foule/web/api"
	"foule.eu/foule/web/auth"
)

// moody is a store whose reports, or everything, fail.
type moody struct {
	*sqlite.Store
	settings, figures error
}

func (m *moody) TokenByHash(ctx context.Context, hash [32]byte) (storage.Token, error) {
	if m.settings != nil {
		return storage.Token{}, m.settings
	}
	return m.Store.TokenByHash(ctx, hash)
}

func (m *moody) Table(ctx context.Context, q storage.TableQuery) (storage.TableResult, error) {
	if m.figures != nil {
		return storage.TableResult{}, m.figures
	}
	return m.Store.Table(ctx, q)
}

// TestStoreInTrouble: what the store cannot do has a status and a code of its
// own, fits the document, and says nothing of the inside.
func TestStoreInTrouble(t *testing.T) {
	h := open(t)
	d := readDocument(t, h)
	away := fmt.Errorf("clickhouse: 10.1.2.3:9000: %w", storage.ErrUnavailable)
	limit := fmt.Errorf("clickhouse: 10.1.2.3:9000: %w", storage.ErrLimit)
	for _, row := range []struct {
		name              string
		settings, figures error
		path, target      string
		status            int
		code, wait        string
	}{
		{"away, at the token", away, nil, "/reports", "/reports", 503, "store_unavailable", "10"},
		{"away, at the figures", nil, away, "/sites/{id}/reports/{report}", "/sites/1/reports/pages", 503, "store_unavailable", "10"},
		{"too large", nil, limit, "/sites/{id}/reports/{report}", "/sites/1/reports/pages", 422, "too_large", ""},
		{"well", nil, nil, "/sites/{id}/reports/{report}", "/sites/1/reports/pages", 200, "", ""},
	} {
		store := &moody{h.store, row.settings, row.figures}
		router := chi.NewRouter()
		router.Mount("/api/v1", api.New(api.Deps{
			Reports: report.New(store), Sites: store, Auth: auth.New(store, nil),
			Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		}))
		w := (&house{Handler: router, all: h.all}).get(t, row.target)
		d.hold(t, row.path, row.target, row.status, w)
		body := w.Body.String()
		if row.code != "" && !strings.Contains(body, fmt.Sprintf(`"code":%q`, row.code)) || strings.Contains(body, "10.1.2.3") || w.Header().Get("Retry-After") != row.wait {
			t.Errorf("%s: %v %s", row.name, w.Header(), body)
		}
	}
}
