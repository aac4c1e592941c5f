package main

import (
	"testing"

	"foule.eu/foule/internal/config"
)

// TestTrackingURL: without a public address the dashboard starts all the same.
func TestTrackingURL(t *testing.T) {
	if got, known := trackingURL(config.Config{PublicURL: "https://stats.example.org"}); got != "https://stats.example.org" || !known {
		t.Errorf("%q, %v", got, known)
	}
	if got, known := trackingURL(config.Config{Listen: "127.0.0.1:9999"}); got != "http://127.0.0.1:8080" || known {
		t.Errorf("%q, %v", got, known)
	}
}
