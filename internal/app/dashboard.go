package app

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/privacy"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/api"
	"foule.eu/foule/web/auth"
	"foule.eu/foule/web/dashboard"
)

// NewAuth gives the dashboard's log-in over a store.
func NewAuth(c config.Config, s storage.Settings, log *slog.Logger) *auth.Auth {
	a := auth.New(s, c.TrustedProxies)
	a.Log = log
	return a
}

// Near is what a dashboard has of a collector in the same process.
type Near struct {
	Lag func() dashboard.Lag
	Try dashboard.TryFunc
}

// Dashboard gives the private side: pages, JSON API and a health check.
func Dashboard(s Store, a *auth.Auth, in privacy.Install, near Near, log *slog.Logger) http.Handler {
	reports := report.New(s)
	r := chi.NewRouter()
	r.Get("/healthz", Health)
	r.Mount("/api/v1", api.New(api.Deps{Reports: reports, Sites: s, Auth: a, Now: time.Now, Log: log}))
	r.Mount("/", dashboard.New(dashboard.Deps{
		Report: reports, Settings: s, Erase: s, Auth: a, TrackingURL: in.Tracking, Install: in, Now: time.Now, Version: Version(), Log: log, Lag: near.Lag, Try: near.Try,
	}))
	return r
}

// Health answers that the process serves.
func Health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n") // a client that went away needs no answer
}
