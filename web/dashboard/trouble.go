package dashboard

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

// errorPage is what went wrong, in words for the reader.
type errorPage struct {
	Status     int
	Head, Text string
	// Retry is the address to try again, and Again says after how many seconds the
	// page does so by itself; "" and 0 where that is of no use.
	Retry string
	Again int
	// Unsaved says that what was sent may not have been saved.
	Unsaved bool
	// Narrower is the address of a smaller question; "" if there is none.
	Narrower string
}

// trouble is what an error means for the reader.
type trouble struct {
	err    error
	status int
	key    string // of the head; key+".text" is what it means
	// passes says that the same may succeed in a while.
	passes bool
	// logged says that whoever runs this wants to know.
	logged bool
}

var errSlow = errors.New("the page took too long")

// troubles by kind of error; the first that fits counts.
var troubles = []trouble{
	{err: errSlow, status: http.StatusServiceUnavailable, key: "error.slow", passes: true, logged: true},
	{err: storage.ErrUnavailable, status: http.StatusServiceUnavailable, key: "error.away", passes: true, logged: true},
	{err: storage.ErrLimit, status: http.StatusUnprocessableEntity, key: "error.limit", logged: true},
	{err: storage.ErrNotFound, status: http.StatusNotFound, key: "error.notfound"},
	{err: auth.ErrForbidden, status: http.StatusForbidden, key: "error.forbidden"},
}

func troubleOf(r *http.Request, err error) trouble {
	if errors.Is(r.Context().Err(), context.DeadlineExceeded) { // engines have words of their own for it
		err = errSlow
	}
	for _, t := range troubles {
		if errors.Is(err, t.err) {
			return t
		}
	}
	var badQuestion *report.BadQuestion
	if errors.As(err, &badQuestion) {
		return trouble{status: http.StatusBadRequest, key: "error.question"}
	}
	return trouble{status: http.StatusInternalServerError, key: "error.internal", logged: true}
}

// pageTime is how long a page may take (invariant I5).
const pageTime = 30 * time.Second

// inTime ends what a page asks the store when it has taken too long.
func inTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), pageTime)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// handle turns a handler that returns its error into one that shows it: the
// reader sees what kind of error it was, the log what exactly.
func (s *server) handle(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := f(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// fail answers with an error.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(r.Context().Err(), context.Canceled) {
		return // nobody waits for it
	}
	t := troubleOf(r, err)
	if t.logged {
		s.Log.Error("dashboard page failed", "path", r.URL.Path, "error", err)
	}
	s.showTrouble(w, r, t)
}

// again is how long a page waits before it looks whether the store is back, in
// seconds.
const again = 10

// showTrouble asks the store for nothing, since the store may be what is broken.
func (s *server) showTrouble(w http.ResponseWriter, r *http.Request, t trouble) {
	l := localeOf(r)
	page := errorPage{Status: t.status, Head: l.T(t.key), Text: l.T(t.key + ".text")}
	h := w.Header()
	if t.passes {
		h.Set("Retry-After", strconv.Itoa(again))
		if page.Unsaved = r.Method != http.MethodGet; !page.Unsaved {
			page.Retry, page.Again = r.URL.RequestURI(), again
		}
	}
	if t.err == storage.ErrLimit && strings.HasPrefix(r.URL.Path, "/sites/") && r.URL.Query().Get("period") != narrow {
		page.Narrower = r.URL.Path + "?period=" + narrow
	}
	var b bytes.Buffer
	err := s.templates[l.Lang]["error"].Execute(&b, shell{Title: page.Head, Version: s.Version, Page: "error", Body: page})
	if err != nil {
		http.Error(w, page.Head, t.status)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", l.Lang)
	w.WriteHeader(t.status)
	b.WriteTo(w)
}

// narrow is the period that a page offers when the one asked for is too long.
const narrow = "7d"
