package app

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestPanic: a handler that fails is answered 500 and leaves a trace without
// what the client sent; its neighbours are served.
func TestPanic(t *testing.T) {
	var out strings.Builder
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			panic("secret " + r.URL.RawQuery)
		}
		Health(w, r)
	})
	s, err := Listen("127.0.0.1:0", h, Log(&out, "debug"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- Serve(ctx, time.Second, s) }()
	for path, want := range map[string]int{"/bad?who=canary": 500, "/": 200} {
		res, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, res.StatusCode, want)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if log := out.String(); !strings.Contains(log, "a handler failed") || strings.Contains(log, "canary") {
		t.Errorf("log: %s", log)
	}
}
