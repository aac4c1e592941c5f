package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/anonymize/device"
)

// TestTryScrubbing: the dashboard is shown what the pipeline would keep.
func TestTryScrubbing(t *testing.T) {
	p := &anonymize.Pipeline{Truncation: anonymize.DefaultTruncation, Devices: device.New(8), Secrets: anonymize.NewSecrets(time.Minute, time.Now)}
	site := foule.Site{ID: 1, Privacy: foule.Privacy{Scrub: []string{`KD-\d+`}}}
	tried, err := tryScrubbing(p)(t.Context(), site, "text", []string{"Order KD-77 of bob@example.org", "Home"})
	if err != nil || len(tried) != 2 {
		t.Fatalf("%+v, %v", tried, err)
	}
	var got []string
	for _, piece := range tried[0].Labels[0].Pieces {
		got = append(got, piece.Text+"|"+piece.Kind)
	}
	if want := "Order |, [removed]|removed,  of |, [email]|email"; strings.Join(got, ", ") != want {
		t.Errorf("%q, want %q", strings.Join(got, ", "), want)
	}
	site.Privacy.Scrub = []string{"("}
	if _, err := tryScrubbing(p)(t.Context(), site, "text", []string{"a"}); err == nil {
		t.Error("a rule that cannot be has no error")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tryScrubbing(p)(ended, foule.Site{ID: 1}, "text", []string{"a"}); err == nil {
		t.Error("it goes on for nobody")
	}
}
