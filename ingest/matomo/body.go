package matomo

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
)

// firstRead is what is set aside for a body before its bytes have come: a
// claimed Content-Length costs its sender nothing.
const firstRead = 16 << 10

// readBody reads and inflates the body within the limits. The causes of I/O
// errors are dropped because they name the client's address.
func readBody(r *http.Request, l Limits) (string, *Error) {
	if r.Body == nil || r.ContentLength == 0 {
		return "", nil
	}
	if r.ContentLength > int64(l.MaxBodyBytes) {
		return "", errBodyTooLarge
	}
	var src io.Reader = &capped{src: r.Body, left: l.MaxBodyBytes}
	switch encoding := header(r.Header, "Content-Encoding"); {
	case encoding == "" || strings.EqualFold(encoding, "identity"):
	case strings.EqualFold(encoding, "gzip") || strings.EqualFold(encoding, "x-gzip"):
		inflated, err := gzip.NewReader(src)
		if err != nil {
			return "", bodyFault(err)
		}
		src = &capped{src: inflated, left: l.MaxInflatedBytes}
	default:
		return "", errEncoding
	}
	size := firstRead
	if r.ContentLength > 0 && r.ContentLength < firstRead {
		size = int(r.ContentLength)
	}
	body, err := readAll(src, size)
	if err != nil {
		return "", bodyFault(err)
	}
	return string(body), nil
}

// readAll is io.ReadAll with a buffer that fits the expected size, and one
// byte to see the end in.
func readAll(src io.Reader, size int) ([]byte, error) {
	b := make([]byte, 0, size+1)
	for {
		n, err := src.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
	}
}

func bodyFault(err error) *Error {
	var outerLimit *http.MaxBytesError
	switch {
	case errors.Is(err, errBodyTooLarge) || errors.As(err, &outerLimit):
		return errBodyTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errTimeout
	}
	return errBody
}

// capped passes on at most left bytes and then fails with errBodyTooLarge,
// where io.LimitReader would feign the end.
type capped struct {
	src  io.Reader
	left int
}

func (c *capped) Read(b []byte) (int, error) {
	if len(b) > c.left+1 {
		b = b[:c.left+1]
	}
	n, err := c.src.Read(b)
	if n > c.left {
		return c.left, errBodyTooLarge
	}
	c.left -= n
	return n, err
}
