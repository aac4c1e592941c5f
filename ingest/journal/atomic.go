package journal

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// WriteFileAtomic makes the file at path hold what data writes: afterwards, and
// after a crash at any moment, there is either the whole new content or what
// stood there before. It writes path.tmp, so one path has one writer at a time.
// An error of data leaves the old file and is found in the returned one.
func WriteFileAtomic(path string, data func(io.Writer) error) error {
	if err := writeTemp(path+".tmp", data); err != nil {
		os.Remove(path + ".tmp") // the error at hand says more than one of this
		return fmt.Errorf("journal: write %s: %w", path, diskError(err))
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("journal: write: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("journal: write %s: %w", path, err)
	}
	defer dir.Close()
	if err := syncFile(dir, true); err != nil {
		return fmt.Errorf("journal: write %s: %w", path, err)
	}
	return nil
}

func writeTemp(path string, data func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	w := bufio.NewWriterSize(f, 64<<10)
	if err := data(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return syncFile(f, true)
}
