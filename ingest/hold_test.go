package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"foule.eu/foule/ingest/journal"
)

// TestHold: only a folder whose hits are all in the store is given out, and no
// collector starts over it meanwhile.
func TestHold(t *testing.T) {
	dir, s, now := t.TempDir(), newStore(), newClock()
	if release, err := Hold(filepath.Join(dir, "nothing")); err != nil {
		t.Errorf("a folder without a journal: %v", err)
	} else {
		release()
	}
	file := filepath.Join(dir, "collector")
	if err := os.WriteFile(file, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(file); err != nil {
		t.Errorf("a program of the folder's name: %v", err)
	}
	c := open(t, dir, s, now)
	if _, err := Hold(dir); !errors.Is(err, journal.ErrLocked) {
		t.Errorf("while a collector runs: %v", err)
	}
	s.fail(errDown)
	c.count()
	c.abandon()
	if _, err := Hold(dir); !errors.Is(err, ErrUnsettled) {
		t.Errorf("with a hit that the store lacks: %v", err)
	}
	s.fail(nil)
	open(t, dir, s, now).close()
	release, err := Hold(dir)
	if err != nil {
		t.Fatalf("after a stop in peace: %v", err)
	}
	if _, _, err := tryOpen(dir, s, now); !errors.Is(err, journal.ErrLocked) {
		t.Errorf("a collector starts over a folder that is held: %v", err)
	}
	release()
	open(t, dir, s, now)
}
