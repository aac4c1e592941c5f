package main

import (
	"bytes"
	"os"
	"testing"
)

func TestCommittedBundleIsCurrent(t *testing.T) {
	script, err := bundle("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"matomo.js": script, "matomo.js.br": compress(script)} {
		got, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s (%d bytes) is not what the sources make (%d bytes): run go generate ./web/tracker", name, len(got), len(want))
		}
	}
}
