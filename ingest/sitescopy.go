package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"foule.eu/foule"
	"foule.eu/foule/ingest/journal"
)

// sitesCopy is a file with the sites' settings as the store last told them, so
// that a collector can start while the store is away. It holds no token, no
// user and nothing about visitors; docs/formats/sites.md describes it.
type sitesCopy struct {
	path string // "" for none

	mu   sync.Mutex // a file has one writer at a time
	last []byte     // what the file holds, nil if that is not known
}

// sitesCopyName is the file's name in the collector's folder.
const sitesCopyName = "sites.json"

// copyFormat is the version of the file's form.
const copyFormat = 1

type copyFile struct {
	Format int          `json:"format"`
	Sites  []foule.Site `json:"sites"`
}

// write puts the sites into the file, unless it holds them already.
func (c *sitesCopy) write(sites []foule.Site) error {
	if c.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(copyFile{copyFormat, sites}, "", "\t")
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if bytes.Equal(text, c.last) {
		return nil
	}
	err = journal.WriteFileAtomic(c.path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err == nil {
		c.last = text
	}
	return err
}

// CopiedSites reads the copy in a collector's folder, for who has to know the
// sites while the store is away; os.ErrNotExist if there is none to start with.
func CopiedSites(dir string) ([]foule.Site, error) {
	c := sitesCopy{path: filepath.Join(dir, sitesCopyName)}
	return c.read()
}

// read gives the sites of the file; os.ErrNotExist if there is none to start
// with. A field that this program does not know is refused: it may say whom not
// to count.
func (c *sitesCopy) read() ([]foule.Site, error) {
	if c.path == "" {
		return nil, os.ErrNotExist
	}
	text, err := os.ReadFile(c.path)
	if err != nil {
		return nil, err
	}
	var f copyFile
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err = d.Decode(&f)
	switch {
	case err == nil && f.Format != copyFormat:
		err = fmt.Errorf("format %d, this program knows %d", f.Format, copyFormat)
	case err == nil && d.More():
		err = errors.New("something follows its end")
	}
	if err != nil {
		return nil, fmt.Errorf("the copy of the sites' settings in %s cannot be used; it is written anew when the store is back: %w", c.path, err)
	}
	if len(f.Sites) == 0 {
		return nil, os.ErrNotExist // with no site, every hit would be refused for good
	}
	return f.Sites, nil
}
