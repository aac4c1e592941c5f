package matomo

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
)

// isBulk tells a bulk by its content, because clients label it as a form as
// often as JSON: "requests" in quotes anywhere behind the first byte.
func isBulk(body string) bool {
	return body != "" &&
		(strings.Contains(body[1:], `"requests"`) || strings.Contains(body[1:], `'requests'`))
}

// bulk reads {"requests":[…],"token_auth":…,"send_image":…}.
type bulk struct {
	scanner
	d      decoder
	limits Limits

	hits    []Params
	listed  bool // requests is a list that holds something
	index   int  // of the next element, counted as in invalid_indices
	token   string
	noImage bool
	fault   *Error
}

func decodeBulk(r *http.Request, body string, l Limits) (*Request, *Error) {
	chunk := min(len(body), maxChunk)
	b := &bulk{
		scanner: scanner{arena: arena{chunk: chunk}, s: strings.TrimPrefix(body, "\uFEFF")},
		d:       decoder{arena: arena{chunk: chunk}},
		limits:  l,
	}
	if b.read(); b.fault != nil {
		return nil, b.fault
	}
	req := &Request{Hits: b.hits, Bulk: true, SendImage: !b.noImage}
	name := "" // of an import
	if r.URL.RawQuery != "" {
		// Only its token counts: the rest is no default for the elements.
		var fromURL Params
		DecodeQuery(r.URL.RawQuery, &fromURL)
		req.Token, req.TokenInURL = fromURL.Token, fromURL.Token != ""
		name = fromURL.importName
	}
	if req.Token == "" {
		req.Token = bearer(r.Header)
	}
	if req.Token == "" {
		req.Token = b.token
	}
	if name != "" {
		req.Import, req.Part = hash("import", name), hash(req.Token, name, body)
	}
	return req, nil
}

func (b *bulk) read() {
	b.expect('{')
	for first := true; b.more(&first, '}'); {
		switch b.key() {
		case "requests":
			b.elements()
		case "token_auth":
			b.token = trim(clean(b.scalar()))
		case "send_image":
			isFalse := b.peek() == 'f'
			b.noImage = b.scalar() == "0" || isFalse
		default:
			b.skip(maxDepth)
		}
	}
	if b.peek(); b.i < len(b.s) {
		b.fail()
	}
	switch {
	case b.fault != nil:
	case b.bad:
		b.fault = errBulkJSON
	case !b.listed:
		b.fault = errBulkEmpty
	}
}

func (b *bulk) elements() {
	b.hits, b.listed, b.index = nil, false, 0
	if b.peek() != '[' {
		b.skip(maxDepth)
		return
	}
	b.i++
	for first := true; b.more(&first, ']'); {
		b.listed = true
		b.element()
	}
}

// element reads one request: a query behind an optional URL, or an object of
// parameters. One that holds nothing is passed over; in Matomo's numbering
// only a string without a query has no place.
func (b *bulk) element() {
	switch b.peek() {
	case '"':
		if query := queryOf(b.str()); query != "" {
			b.index++
			if p := b.next(); p != nil {
				b.d.query(query, p)
			}
		}
	case '{':
		b.index++
		b.object()
	default:
		b.index++
		b.skip(maxDepth)
	}
}

// next adds a hit, nil at the limit.
func (b *bulk) next() *Params {
	if len(b.hits) == b.limits.MaxBulkHits {
		b.fault = errBulkTooMany
		b.fail()
		return nil
	}
	if b.hits == nil {
		// Elements of usual size fit without moving.
		b.hits = make([]Params, 0, min(len(b.s)/512+1, b.limits.MaxBulkHits))
	}
	b.hits = append(b.hits, Params{})
	p := &b.hits[len(b.hits)-1]
	p.clear()
	p.Index = b.index - 1
	return p
}

func (b *bulk) object() {
	b.i++
	b.d.begin(true)
	var p *Params
	for first := true; b.more(&first, '}'); {
		if p == nil {
			if p = b.next(); p == nil {
				return
			}
		}
		name := b.key()
		if b.peek() != '[' {
			b.d.pair(name, b.scalar(), p)
			continue
		}
		b.array(name, p)
	}
}

// array reads an array in place of a value; see decoder.element.
func (b *bulk) array(name string, p *Params) {
	b.i++
	b.d.list = false
	b.d.element(name, "", p)
	b.d.list = false
	for first := true; b.more(&first, ']'); {
		if name == "search_cat" && !b.d.list {
			b.d.element(name, b.scalar(), p)
		} else {
			b.skip(maxDepth)
		}
	}
}

// queryOf gives what stands between the first ? and the fragment.
func queryOf(s string) string {
	i := strings.IndexByte(s, '?')
	if i < 0 {
		return ""
	}
	query := s[i+1:]
	if i := strings.IndexByte(query, '#'); i >= 0 {
		query = query[:i]
	}
	return query
}

// hash makes a number of texts; it tells requests apart and keeps none. That of
// a request begins with its token, which is written down nowhere: else who gets
// hold of the numbers could try out which addresses a short request held.
func hash(texts ...string) uint64 {
	h := sha256.New()
	for _, s := range texts {
		io.WriteString(h, s) // writing to a hash cannot fail
		h.Write([]byte{0})
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}
