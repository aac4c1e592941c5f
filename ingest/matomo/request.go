package matomo

import (
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// Limits bound what one request may cost. Beyond a limit the answer is 413
// (414 for the URL).
type Limits struct {
	MaxURLBytes      int // query string
	MaxBodyBytes     int // body as it comes over the wire
	MaxInflatedBytes int // body after Content-Encoding: gzip
	MaxBulkHits      int // elements of a bulk that count
}

// DefaultLimits suit the clients that exist: they send up to 200 hits at a
// time, importers of logs thousands. A request costs at most MaxInflatedBytes three
// times over and about a kilobyte per hit. A bulk of more hits is answered
// 413; its sender has to cut it.
var DefaultLimits = Limits{
	MaxURLBytes:      64 << 10,
	MaxBodyBytes:     8 << 20,
	MaxInflatedBytes: 8 << 20,
	MaxBulkHits:      10_000,
}

// Request is what one HTTP request said, before sites and tokens are looked up.
type Request struct {
	// Hits holds one element, or those of a bulk that are not empty; none
	// when Empty, or when a bulk held only empty elements.
	Hits []Params
	Bulk bool
	// Token is the token_auth of the URL, the form or the Authorization
	// header, else that of the bulk body. An element of a bulk may carry its
	// own, see Params.Token.
	Token string
	// TokenInURL says that Token stood in the URL, where tokens marked "POST
	// only" are not accepted.
	TokenInURL bool
	// Import and Part are set for a bulk of an import that may be sent again: hashes
	// of its name (foule_import in the URL), and of its token and body.
	Import, Part uint64
	// SendImage is false when the client asked for 204 in place of the GIF:
	// send_image=0 of a hit, or of a bulk's body.
	SendImage bool
	// Empty says that there was no parameter at all: GET gets the information
	// text, POST gets 400.
	Empty bool
}

// LogValue keeps what visitors sent out of logs, also if a copy is logged.
func (r Request) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("hits", len(r.Hits)), slog.Bool("bulk", r.Bulk))
}

// Read decodes a tracking request. A fault is always an [*Error]; it never
// carries anything of the request's content or address. OPTIONS is the
// caller's to answer, see [WritePreflight].
//
// Where query string and body name the same parameter, the query string wins,
// as in Matomo.
func Read(r *http.Request, l Limits) (*Request, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		return nil, errMethod
	}
	if len(r.URL.RawQuery) > l.MaxURLBytes {
		return nil, errURLTooLong
	}
	var body string
	if r.Method == http.MethodPost {
		var fault *Error
		if body, fault = readBody(r, l); fault != nil {
			return nil, fault
		}
	}
	req, fault := decode(r, body, l)
	if fault != nil {
		return nil, fault
	}
	head := readHeaders(r.Header)
	for i := range req.Hits {
		p := &req.Hits[i]
		p.Rec = p.Rec && !p.probe
		head.complete(p)
	}
	return req, nil
}

func decode(r *http.Request, body string, l Limits) (*Request, *Error) {
	if isBulk(body) {
		return decodeBulk(r, body, l)
	}
	return decodeSingle(r, body), nil
}

// decodeSingle lets the body speak first and the query string last, so that
// the query string wins. Any body that is no bulk and no multipart form is
// read as urlencoded, because clients label it as they like.
func decodeSingle(r *http.Request, body string) *Request {
	// Request and its only hit share an allocation.
	whole := &struct {
		Request
		hit [1]Params
	}{}
	req, p := &whole.Request, &whole.hit[0]
	p.clear()
	d := decoder{arena: arena{chunk: min(len(body)+len(r.URL.RawQuery), maxChunk)}}
	if body != "" {
		if boundary := multipartBoundary(r.Header); boundary != "" {
			d.multipart(body, boundary, p)
		} else {
			d.query(body, p)
		}
	}
	formToken := p.Token
	p.Token = ""
	d.query(r.URL.RawQuery, p)
	req.TokenInURL = p.Token != ""
	if !req.TokenInURL {
		p.Token = formToken
	}
	if req.Token = p.Token; req.Token == "" {
		req.Token = bearer(r.Header)
	}
	req.SendImage = !p.noImage
	if req.Empty = d.names == 0; !req.Empty {
		req.Hits = whole.hit[:]
	}
	return req
}

func multipartBoundary(h http.Header) string {
	ct := header(h, "Content-Type")
	if len(ct) < len("multipart/") || !strings.EqualFold(ct[:len("multipart/")], "multipart/") {
		return ""
	}
	_, params, err := mime.ParseMediaType(ct)
	if err != nil {
		return ""
	}
	return params["boundary"]
}

// multipart reads the fields of a form; files are passed over. A broken form
// gives the fields in front of the break.
func (d *decoder) multipart(body, boundary string, p *Params) {
	d.begin(true)
	parts := multipart.NewReader(strings.NewReader(body), boundary)
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return
		}
		name := part.FormName()
		if name == "" || part.FileName() != "" {
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return
		}
		d.pair(name, string(value), p)
	}
}
