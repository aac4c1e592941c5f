package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"foule.eu/foule/web/tracker"
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

// What a release keeps is served under the address that pages were given.
func TestReleaseKeepsTheAddress(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS("../src")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "released"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, true); err != nil {
		t.Fatal(err)
	}
	for _, form := range forms {
		script := tracker.Script(form)
		packed, err := os.ReadFile(filepath.Join(dir, "released", script.Versioned()+".gz"))
		if err != nil {
			t.Error(err)
			continue
		}
		unpacked, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(unpacked)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := os.ReadFile(filepath.Join(dir, script.File())); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is kept as %d bytes, want %d (%v)", script.File(), len(got), len(want), err)
		}
	}
}
