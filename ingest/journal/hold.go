package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Hold locks a journal's directory without opening the journal, so that nobody
// writes to it until release is called, and gives the numbers of the segments
// that hold something, ascending. It changes nothing. The error is [ErrLocked]
// if somebody has the directory open, and os.ErrNotExist if there is none.
func Hold(dir string) (segments []uint64, release func(), err error) {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("journal: hold: %w", err)
	}
	release = func() { lock.Close() } // gives up the lock
	if err := lockFile(lock); err != nil {
		release()
		return nil, nil, fmt.Errorf("journal: hold %s: %w", dir, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		release()
		return nil, nil, fmt.Errorf("journal: hold: %w", err)
	}
	for _, e := range entries {
		n, corrupt, ok := parseName(e.Name())
		if !ok || corrupt {
			continue
		}
		info, err := e.Info()
		if err != nil {
			release()
			return nil, nil, fmt.Errorf("journal: hold: %w", err)
		}
		if info.Size() > 0 {
			segments = append(segments, n)
		}
	}
	slices.Sort(segments)
	return segments, release, nil
}
