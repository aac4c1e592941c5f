// Package app is what the two processes have in common: opening the store that
// the configuration names, the first start, the dashboard's handler, logging,
// and serving until a signal comes. It stands beside cmd/collector and
// cmd/dashboard and is imported by nothing else.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"foule.eu/foule/storage"
)

// release is the version that a build without the repository's history is
// told, as an image's: -ldflags "-X foule.eu/foule/internal/app.release=v1.2.3".
var release string

// Version is that of the build: a release's tag or the commit.
func Version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version, dirty := info.Main.Version, ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && (version == "" || version == "(devel)") && len(s.Value) >= 12:
			version = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	if strings.Contains(version, "+") {
		dirty = ""
	}
	return version + dirty
}

// Log gives a logger to w of the configured level.
func Log(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}

// KeepPruned deletes what is too old, now and every hour, until the context ends.
func KeepPruned(ctx context.Context, s Store, log *slog.Logger) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := s.Prune(ctx, time.Now()); err != nil && ctx.Err() == nil {
			log.Error("what is older than the retention could not be deleted; it is tried again in an hour", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// erasuresEvery is how often what stands erased is erased again.
const erasuresEvery = 10 * time.Minute

// KeepErased does again what stands erased, and goes on with what was broken off,
// now and every ten minutes, until the context ends.
func KeepErased(ctx context.Context, s storage.Eraser, log *slog.Logger) {
	tick := time.NewTicker(erasuresEvery)
	defer tick.Stop()
	for {
		if err := s.RepeatErasures(ctx, time.Now()); err != nil && ctx.Err() == nil {
			log.Error("what stands erased could not be erased again; it is tried again in ten minutes", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Server is an HTTP server on a listener, with the limits that a public edge needs.
type Server struct {
	Listener net.Listener
	http     *http.Server
}

// Listen opens a listener and prepares a server; "off" gives nil.
func Listen(addr string, h http.Handler, log *slog.Logger) (*Server, error) {
	if addr == "off" || addr == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w; choose another address or end the process that holds it", err)
	}
	return &Server{Listener: l, http: &http.Server{
		Handler:           recovering(h, log),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(withoutPeers{log.Handler()}, slog.LevelDebug),
	}}, nil
}

// recovering answers 500 where a handler panics, and says where. The panic's
// value is left out: it may hold what a client sent.
func recovering(h http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			log.Error("a handler failed; please report this", "kind", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			http.Error(w, "internal error", http.StatusInternalServerError)
		}()
		h.ServeHTTP(w, r)
	})
}

// withoutPeers drops the server's own messages, which name client addresses.
type withoutPeers struct{ slog.Handler }

func (withoutPeers) Enabled(context.Context, slog.Level) bool { return false }

// URL is the address that reaches the listener from this machine.
func (s *Server) URL() string {
	if s == nil {
		return ""
	}
	host, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Serve runs the servers until the context ends, then lets requests under way
// finish within grace. Nil servers are left out.
func Serve(ctx context.Context, grace time.Duration, servers ...*Server) error {
	var wg sync.WaitGroup
	failed := make(chan error, len(servers))
	for _, s := range servers {
		if s == nil {
			continue
		}
		wg.Go(func() {
			if err := s.http.Serve(s.Listener); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	end, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	for _, s := range servers {
		if s != nil {
			err = errors.Join(err, s.http.Shutdown(end))
		}
	}
	wg.Wait()
	return err
}
