package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"foule.eu/foule/ingest/journal"
)

// ErrUnsettled is wrapped by Hold's error about a journal with hits of which it
// is not known whether the store has them.
var ErrUnsettled = errors.New("the journal holds hits that the store may lack: start the collector once more with the store that it had, stop it with SIGTERM, and try again")

// Hold keeps collectors from starting over a folder (Options.Dir) until release
// is called, for work on the store that may have no hits come in between. It
// refuses with journal.ErrLocked while a collector runs there, and with
// ErrUnsettled if one ended without settling everything with its store: another
// store would count those hits a second time. Without a journal there it
// succeeds, and nothing is held.
func Hold(dir string) (release func(), err error) {
	segments, release, err := journal.Hold(filepath.Join(dir, "journal"))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // a program may be called as the folder is
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	covered, _, err := readSnapshot(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		release()
		return nil, err
	}
	for _, n := range segments {
		if n > covered {
			release()
			return nil, fmt.Errorf("%s: %w", dir, ErrUnsettled)
		}
	}
	return release, nil
}
