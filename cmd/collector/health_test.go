package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"foule.eu/foule/internal/app"
)

// TestHealth: the status says whether a process serves, wherever it listens.
func TestHealth(t *testing.T) {
	well := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			http.NotFound(w, r)
			return
		}
		app.Health(w, r)
	}))
	defer well.Close()
	ill := httptest.NewServer(http.NotFoundHandler())
	defer ill.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	on := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	_, port, _ := strings.Cut(on(well), ":")
	for _, row := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"by the setting", []string{"--listen", on(well)}, statusDone, "ok"},
		{"listening on all addresses", []string{"--listen", ":" + port}, statusDone, "ok"},
		{"by address", []string{"http://" + on(well) + "/healthz"}, statusDone, "ok"},
		{"by address, with settings before it", []string{"--listen", on(gone), "http://" + on(well) + "/healthz"}, statusDone, "ok"},
		{"something else serves", []string{"--listen", on(ill)}, statusFailed, "404"},
		{"nothing serves", []string{"--listen", on(gone)}, statusFailed, "does not serve"},
		{"a port that the system picks", []string{"--listen", "127.0.0.1:0"}, statusWrongUse, "health http://"},
		{"off", []string{"--listen", "off"}, statusWrongUse, "health http://"},
		{"no address", []string{"://"}, statusWrongUse, "://"},
		{"two words", []string{"http://a", "http://b"}, statusWrongUse, "health URL"},
	} {
		status, out, errs := call(append([]string{"health"}, row.args...)...)
		if status != row.status || !strings.Contains(out+errs, row.says) {
			t.Errorf("%s: status %d, want %d; says %s%s", row.name, status, row.status, out, errs)
		}
	}
}
