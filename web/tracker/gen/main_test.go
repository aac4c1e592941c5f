package main

import (
	"bytes"
	"os"
	"testing"
)

func TestCommittedBundleIsCurrent(t *testing.T) {
	want, err := bundle("..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../matomo.js")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("matomo.js (%d bytes) is not what its sources make (%d bytes): run go generate ./web/tracker", len(got), len(want))
	}
}
