package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/config"
)

// accessLog notes the requests to the tracking side, where the operator asks for
// it: the address as far as the pipeline keeps it, the time, method, route,
// status, size and duration. What a client can fill with what it likes is left
// out: query, user agent, referrer, a path that is no route, a made-up method.
type accessLog struct {
	out        io.Writer
	address    func(*http.Request) netip.Addr
	truncation anonymize.Truncation
	log        *slog.Logger
	failing    atomic.Bool // the last line could not be written
}

// openAccessLog opens what the setting says: nil for off. end is to be called
// when nothing is served any more.
func openAccessLog(c config.Config, e env, log *slog.Logger) (l *accessLog, end func() error, err error) {
	l = &accessLog{address: clientAddress(c), truncation: anonymize.Truncation{IPv4: c.IPv4Bits, IPv6: c.IPv6Bits}, log: log}
	switch c.AccessLog {
	case "off", "":
		return nil, func() error { return nil }, nil
	case "-":
		l.out = e.err
		return l, func() error { return nil }, nil
	}
	// Each line is one write at the end, so that a program that rotates logs may cut the file.
	f, err := os.OpenFile(c.AccessLog, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("access-log: %w", err)
	}
	l.out = f
	return l, f.Close, nil
}

// note is a middleware of a chi router: it has to stand behind the one that
// believes proxies.
func (l *accessLog) note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		counting := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		status := http.StatusInternalServerError // of a handler that does not come back
		defer func() { l.write(r, began, status, counting.BytesWritten()) }()
		next.ServeHTTP(counting, r)
		if status = counting.Status(); status == 0 {
			status = http.StatusOK
		}
	})
}

func (l *accessLog) write(r *http.Request, began time.Time, status, bytes int) {
	client, route := "-", chi.RouteContext(r.Context()).RoutePattern()
	if ip := l.truncation.Apply(l.address(r)); ip.IsValid() {
		client = ip.String()
	}
	if route == "" {
		route = "-"
	}
	_, err := fmt.Fprintf(l.out, "%s - - [%s] \"%s %s\" %d %d %d\n",
		client, began.Format("02/Jan/2006:15:04:05 -0700"), methodShown(r.Method), route, status, bytes, time.Since(began).Microseconds())
	if failed := err != nil; failed != l.failing.Swap(failed) && failed {
		l.log.Error("the access log cannot be written", "error", err)
	}
}

// methodShown is the method of a request, "-" for one that HTTP does not know.
func methodShown(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "-"
}
