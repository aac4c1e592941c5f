package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

// Reports answers questions; report.Service is one.
type Reports interface {
	Ask(ctx context.Context, q report.Question) (*report.Answer, error)
	Live(ctx context.Context, site foule.Site, now time.Time) (report.Live, error)
	Speed(ctx context.Context, site foule.Site, from, to foule.Day) ([]report.Speed, error)
	Funnel(ctx context.Context, site foule.Site, id uint32, from, to foule.Day, filter *storage.Filter) (*report.FunnelAnswer, error)
	Flow(ctx context.Context, site foule.Site, page string, from, to foule.Day) (*report.Flow, error)
	DataRange(ctx context.Context, site foule.SiteID) (first, last foule.Day, ok bool, err error)
}

// Sites lists what is measured; storage.Settings does.
type Sites interface {
	Sites(ctx context.Context) ([]foule.Site, error)
	Site(ctx context.Context, id foule.SiteID) (foule.Site, error)
}

// Deps is what the API stands on. All but Log and RequestsPerMinute are needed.
type Deps struct {
	Reports Reports
	Sites   Sites
	Auth    *auth.Auth
	Now     func() time.Time
	Log     *slog.Logger // nil: slog.Default
	// RequestsPerMinute is what one caller may ask; 0 is 3000.
	RequestsPerMinute int
}

const usualRequests = 3000

// answerTime is how long an answer may take (invariant I5).
const answerTime = 30 * time.Second

type server struct{ Deps }

// route is a path with the query parameters it knows; any other is refused, so
// that a misspelt filter is not an unfiltered answer.
type route struct {
	path   string
	params []string
	public bool
	handle func(*server, http.ResponseWriter, *http.Request) error
}

var routes = []route{
	{path: "/openapi.json", public: true, handle: (*server).openAPI},
	{path: "/reports", handle: (*server).catalogue},
	{path: "/sites", handle: (*server).sites},
	{path: "/sites/{id}", handle: (*server).site},
	{path: "/sites/{id}/live", handle: (*server).live},
	{path: "/sites/{id}/speed", params: rangeParams, handle: (*server).speed},
	{path: "/sites/{id}/flow", params: flowParams, handle: (*server).flow},
	{path: "/sites/{id}/funnels/{funnel}", params: funnelParams, handle: (*server).funnel},
	{path: "/sites/{id}/reports/{report}", params: questionParams, handle: (*server).report},
}

// New makes the API's handler. Its paths are relative to /api/v1: mount it
// there with chi's Mount or http.StripPrefix.
func New(deps Deps) http.Handler {
	s := &server{deps}
	if s.Log == nil {
		s.Log = slog.Default()
	}
	if s.RequestsPerMinute == 0 {
		s.RequestsPerMinute = usualRequests
	}
	r := chi.NewRouter()
	r.Use(plainHeaders, middleware.GetHead)
	r.NotFound(func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, storage.ErrNotFound) })
	r.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", "GET, HEAD")
		s.refuse(w, r, errMethod)
	})
	private := r.With(s.Auth.RequireToken(storage.RoleRead, s.refuse), s.limit())
	for _, route := range routes {
		if route.public {
			r.Get(route.path, s.serve(route))
		} else {
			private.Get(route.path, s.serve(route))
		}
	}
	return r
}

// serve turns a route's handler, which returns its error, into one that
// answers it.
func (s *server) serve(route route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		r = r.WithContext(ctx)
		err := checkParams(r, route.params)
		if err == nil {
			err = route.handle(s, w, r)
		}
		if err != nil {
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				err = fmt.Errorf("%w: %w", errSlow, err)
			}
			s.refuse(w, r, err)
		}
	}
}

func checkParams(r *http.Request, known []string) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return &report.BadQuestion{Field: "query", Reason: "the query string cannot be read"}
	}
	for name, values := range query {
		if !slices.Contains(known, name) {
			return &report.BadQuestion{Field: name, Reason: "unknown parameter"}
		}
		if len(values) > 1 {
			return &report.BadQuestion{Field: name, Reason: "given more than once"}
		}
	}
	return nil
}

// limit bounds the requests of one caller; there are as many keys as tokens
// and users.
func (s *server) limit() func(http.Handler) http.Handler {
	byCaller := func(r *http.Request) (string, error) { return auth.CallerOf(r.Context()).Name, nil }
	return httprate.LimitBy(s.RequestsPerMinute, time.Minute, byCaller,
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}),
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, auth.ErrTooMany) }))
}

// plainHeaders keeps answers out of shared caches, frames and sniffers.
func plainHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "private, no-cache")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}
