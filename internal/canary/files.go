package canary

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Files reads every file below a folder, by path. Zeros at the end of one are
// left out, and so is what vanishes meanwhile.
func Files(dir string) (map[string][]byte, error) {
	contents := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
			return nil
		}
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		contents[path] = bytes.TrimRight(b, "\x00")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("canary: read what is to be searched: %w", err)
	}
	return contents, nil
}
