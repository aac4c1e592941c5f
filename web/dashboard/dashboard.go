package dashboard

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule/privacy"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

// Deps is what the dashboard stands on.
type Deps struct {
	Report   *report.Service
	Settings storage.Settings
	Erase    storage.Eraser
	Auth     *auth.Auth
	// TrackingURL is the address of the tracking side as visitors' browsers see it,
	// with a trailing slash: "https://stats.example.org/".
	TrackingURL string
	// Install is what holds for the installation, for the pages about privacy.
	Install privacy.Install
	Now     func() time.Time
	Version string
	Log     *slog.Logger
	// Lag, if not nil, says how far the figures are behind the hits: the collector
	// knows it, where it is of this process.
	Lag func() Lag
	// Try, if not nil, says what would be kept of texts: the collector knows it,
	// where it is of this process.
	Try TryFunc
}

// server holds what handlers share; all of it is read-only after New.
type server struct {
	Deps
	locales   map[string]*locale
	templates map[string]pages // by language
	assets    *assetSet
}

// New makes the dashboard's handler. It panics on a broken template, catalogue
// or asset: they are embedded, so that is a fault of the build.
func New(deps Deps) http.Handler {
	s := newServer(deps)
	r := chi.NewRouter()
	r.Use(secureHeaders, http.NewCrossOriginProtection().Handler, s.withLocale, inTime)
	r.NotFound(s.handle(func(http.ResponseWriter, *http.Request) error { return storage.ErrNotFound }))

	r.Get("/assets/{name}", s.assets.serve)
	r.Get("/login", s.handle(s.showLogin))
	r.Post("/login", s.handle(s.login))
	r.Get("/setup", s.handle(s.showSetup))
	r.Post("/setup", s.handle(s.setup))

	r.Group(func(r chi.Router) {
		r.Use(s.Auth.RequireUser(s.fail), s.withUserLocale)
		r.Post("/logout", s.handle(s.logout))
		r.Get("/", s.handle(s.home))
		r.Get("/account", s.handle(s.showAccount))
		r.Post("/account", s.handle(s.saveAccount))
		r.Get("/sites/{id}", s.handle(s.overview))
		r.Get("/sites/{id}/live", s.handle(s.live))
		r.Get("/sites/{id}/reports/{report}", s.handle(s.table))
		r.Get("/sites/{id}/flow", s.handle(s.flow))
		r.Get("/sites/{id}/speed", s.handle(s.speed))
		r.Get("/sites/{id}/funnels/{funnel}", s.handle(s.funnel))
		r.Get("/sites/{id}/goals/{goal}/report", s.handle(s.goalReport)) // a number, or "order"
		r.Get("/sites/{id}/install", s.handle(s.install))
		r.Get("/sites/{id}/compliance", s.handle(s.compliance))
		r.Get("/sites/{id}/compliance.json", s.handle(s.complianceFile))
		r.Get("/sites/{id}/documents/{document}", s.handle(s.document))

		r.Group(func(r chi.Router) {
			r.Use(s.requireAdmin)
			r.Get("/sites/new", s.handle(s.showNewSite))
			r.Post("/sites/new", s.handle(s.addSite))
			r.Get("/sites/{id}/settings", s.handle(s.showSite))
			r.Post("/sites/{id}/settings", s.handle(s.saveSite))
			r.Get("/sites/{id}/privacy", s.handle(s.showPrivacy))
			r.Post("/sites/{id}/privacy", s.handle(s.savePrivacy))
			r.Post("/sites/{id}/privacy/preset", s.handle(s.savePreset))
			r.Post("/sites/{id}/privacy/reviewed", s.handle(s.saveReview))
			r.Get("/sites/{id}/erase", s.handle(s.showErase))
			r.Post("/sites/{id}/erase", s.handle(s.sendErase))
			r.Get("/sites/{id}/scrubbing", s.handle(s.showScrubbing))
			r.Post("/sites/{id}/scrubbing", s.handle(s.tryScrubbing))
			r.Get("/sites/{id}/goals/{goal}", s.handle(s.showGoal)) // "new" or a number
			r.Post("/sites/{id}/goals/{goal}", s.handle(s.saveGoal))
			r.Get("/sites/{id}/settings/funnels/{funnel}", s.handle(s.showFunnelForm))
			r.Post("/sites/{id}/settings/funnels/{funnel}", s.handle(s.saveFunnel))
			r.Get("/sites/{id}/settings/dimensions/{dimension}", s.handle(s.showDimension))
			r.Post("/sites/{id}/settings/dimensions/{dimension}", s.handle(s.saveDimension))
			r.Post("/sites/{id}/goals/{goal}/delete", s.handle(s.deleteGoal))
			r.Get("/settings/tokens", s.handle(s.showTokens))
			r.Post("/settings/tokens", s.handle(s.addToken))
			r.Post("/settings/tokens/{token}/delete", s.handle(s.deleteToken))
		})
	})
	return r
}

func newServer(deps Deps) *server {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Log == nil {
		deps.Log = slog.Default()
	}
	s := &server{
		Deps:      deps,
		locales:   loadLocales(),
		templates: map[string]pages{},
		assets:    loadAssets(),
	}
	for lang, l := range s.locales {
		s.templates[lang] = parsePages(l, s.assets)
	}
	return s
}
