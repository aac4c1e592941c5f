package accesslog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"
)

// File is an open log.
type File struct {
	*bufio.Reader
	Size int64 // of the file as it lies on the disk
	read atomic.Int64
	ends []func() error
}

// maxLine bounds a line; a longer one is no request.
const maxLine = 1 << 20

// Open opens a log, plain or compressed by gzip or zstd, told by its first
// bytes.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{ends: []func() error{file.Close}}
	if info, err := file.Stat(); err == nil {
		f.Size = info.Size()
	}
	raw := bufio.NewReaderSize(&counting{file, &f.read}, 256<<10)
	head, _ := raw.Peek(4) // a short file has a short head
	var text io.Reader = raw
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: gzip: %w", path, f.fail(err))
		}
		text, f.ends = z, append(f.ends, z.Close)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, fmt.Errorf("%s: zstd: %w", path, f.fail(err))
		}
		text, f.ends = z, append(f.ends, func() error { z.Close(); return nil })
	}
	f.Reader = bufio.NewReaderSize(text, maxLine)
	return f, nil
}

func (f *File) fail(err error) error {
	f.Close()
	return err
}

// Progress counts the bytes of the file that were read so far, compressed as they are.
func (f *File) Progress() int64 { return f.read.Load() }

// Line gives the next line without its end; io.EOF after the last. A line that
// is too long comes back cut.
func (f *File) Line() (string, error) {
	line, err := f.ReadSlice('\n')
	text := string(bytes.TrimRight(line, "\r\n"))
	for err == bufio.ErrBufferFull { // pass over the rest
		_, err = f.ReadSlice('\n')
	}
	if err == io.EOF && text != "" {
		err = nil
	}
	return text, err
}

// Close closes the file.
func (f *File) Close() error {
	var first error
	for i := len(f.ends) - 1; i >= 0; i-- {
		if err := f.ends[i](); err != nil && first == nil {
			first = err
		}
	}
	return first
}

type counting struct {
	io.Reader
	n *atomic.Int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
