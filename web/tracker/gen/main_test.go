package main

import (
	"bytes"
	"os"
	"testing"
)

func TestCommittedBundlesAreCurrent(t *testing.T) {
	files, err := made("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s (%d bytes) is not what the sources make (%d bytes): run go generate ./web/tracker", name, len(got), len(want))
		}
	}
}
