package accesslog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"foule.eu/foule"
)

// Importer sends logs to a tracking endpoint.
type Importer struct {
	// Endpoint is the tracking endpoint, as http://127.0.0.1:8080/matomo.php.
	Endpoint string
	Token    string // that may write to the site
	Site     foule.SiteID
	BaseURL  string // of the site, for logs that do not name hosts
	Format   string // one of Names
	Bots     bool   // count programs too
	// Name of the import: parts of the same name and content count once. "" takes a
	// name from the file's beginning.
	Name string
	// Lines is how many lines make a request; 0 is 500. The same number has to be
	// used when a file is sent again.
	Lines  int
	Client *http.Client
	// Report is called after each request; nil for nobody.
	Report func(Progress)
}

const (
	usualLines = 500
	// longestLine is more than a web server writes for a request that it answers
	// with a page; a longer line is not taken for one.
	longestLine = 64 << 10
	// fullBytes is how long a request's lines may be before it is sent, so that the
	// endpoint takes it however much its JSON escapes.
	fullBytes = 1 << 20
)

// Progress is how far a file is.
type Progress struct {
	File        string
	Bytes, Size int64 // of the file as it lies on the disk
	Counts
}

// Counts are what became of a file's lines.
type Counts struct {
	Lines     int64 `json:"lines"`
	Sent      int64 `json:"sent"`      // page views and downloads
	Invalid   int64 `json:"invalid"`   // of those, refused by the endpoint
	Parts     int64 `json:"parts"`     // styles, scripts, pictures and the like
	Failed    int64 `json:"failed"`    // answered with an error or a redirect
	Other     int64 `json:"other"`     // other methods than GET
	Malformed int64 `json:"malformed"` // not of the log's form
}

// errForm is returned for a log whose form cannot be told.
var errForm = errors.New("the form of the log cannot be told from its first lines: give --format combined, caddy or w3c")

// Run sends a file and says what became of it. It may be ended at any time by
// its context, and run again: what was taken is not counted again. A file of which
// not a line is understood, or not a hit is taken, is an error.
func (im *Importer) Run(ctx context.Context, path string) (Counts, error) {
	f, err := Open(path)
	if err != nil {
		return Counts{}, err
	}
	defer f.Close()
	r := run{Importer: im, file: f, path: path, name: im.Name}
	err = r.all(ctx)
	if err == nil {
		err = r.fruitless()
	}
	if err != nil {
		return r.counts, fmt.Errorf("%s, near line %d: %w", path, r.counts.Lines, err)
	}
	return r.counts, nil
}

// run is one file on its way.
type run struct {
	*Importer
	file   *File
	path   string
	name   string
	format Format
	counts Counts
	hits   []map[string]string
	lines  int // in this request
	bytes  int // of the lines that became hits
	part   int
}

// fruitless says of a file that was read to its end why nothing came of it.
func (r *run) fruitless() error {
	switch c := r.counts; {
	case c.Lines > 0 && c.Malformed == c.Lines:
		return errForm
	case c.Sent > 0 && c.Invalid == c.Sent:
		return fmt.Errorf("the tracking endpoint refuses all %d hits: is there a site %d? See 'collector site list'", c.Sent, r.Site)
	}
	return nil
}

// looked is how many lines may pass before the form has to be known.
const looked = 50

func (r *run) all(ctx context.Context) error {
	most := r.Lines
	if most <= 0 {
		most = usualLines
	}
	for {
		line, err := r.file.Line()
		if errors.Is(err, io.EOF) {
			return r.flush(ctx)
		}
		if err != nil {
			return err
		}
		r.counts.Lines++
		if r.name == "" { // the same file has the same first line, whatever it is called
			sum := sha256.Sum256([]byte(line))
			r.name = "log-" + hex.EncodeToString(sum[:8])
		}
		if err := r.take(line); err != nil {
			return err
		}
		if r.lines++; r.lines >= most || r.bytes >= fullBytes {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
}

func (r *run) take(line string) error {
	if len(line) > longestLine {
		r.counts.Malformed++
		return nil
	}
	if r.format == nil {
		if r.format = Detect(r.Format, line); r.format == nil {
			r.counts.Malformed++
			if r.counts.Lines >= looked {
				return errForm
			}
			return nil
		}
	}
	rec, ok, err := r.format.Parse(line)
	if err != nil {
		r.counts.Malformed++
		return nil
	}
	if !ok {
		return nil
	}
	switch rec.Kind() {
	case Part:
		r.counts.Parts++
	case Failed:
		r.counts.Failed++
	case Other:
		r.counts.Other++
	default:
		r.counts.Sent++
		r.bytes += len(line)
		r.hits = append(r.hits, r.hit(&rec))
	}
	return nil
}

// hit writes a request as a tracking request.
func (r *run) hit(rec *Record) map[string]string {
	page := rec.address(r.BaseURL)
	h := map[string]string{
		"idsite": strconv.FormatUint(uint64(r.Site), 10), "rec": "1", "url": page,
		"cip": rec.IP.String(), "cdt": strconv.FormatInt(rec.Time.Unix(), 10), "ua": rec.UserAgent, "lang": "",
	}
	if rec.Referrer != "" {
		h["urlref"] = rec.Referrer
	}
	if rec.Kind() == Download {
		h["download"] = page
	}
	if r.Bots {
		h["bots"] = "1"
	}
	return h
}

// attempts is how often a request is sent before the run gives up.
const attempts = 8

func (r *run) flush(ctx context.Context) error {
	defer func() { r.hits, r.lines, r.bytes = r.hits[:0], 0, 0 }()
	r.part++
	if len(r.hits) > 0 {
		// The part's number keeps two parts of the same content apart.
		body, err := json.Marshal(map[string]any{"requests": r.hits, "part": r.part})
		if err != nil {
			return err
		}
		if err := r.send(ctx, body); err != nil {
			return err
		}
	}
	if r.Report != nil {
		r.Report(Progress{r.path, r.file.Progress(), r.file.Size, r.counts})
	}
	return nil
}

// answer is the endpoint's, of what matters here.
type answer struct {
	Status  string
	Tracked int64
	Invalid int64
}

func (r *run) send(ctx context.Context, body []byte) error {
	target := r.Endpoint + "?" + url.Values{"foule_import": {r.name}}.Encode()
	for try := 1; ; try++ {
		wait, err := r.post(ctx, target, body)
		if err == nil || wait == 0 || try == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// post sends once. wait is not 0 if it is worth trying again.
func (r *run) post(ctx context.Context, target string, body []byte) (wait time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header["User-Agent"] = nil // else it would be that of hits whose line has none
	req.Header.Set("Authorization", "Bearer "+r.Token)
	client := r.Client
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return 2 * time.Second, fmt.Errorf("the tracking endpoint does not answer: %w", err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // what was not read is told by the status
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		return time.Duration(min(max(seconds, 1), 60)) * time.Second, errors.New("the tracking endpoint is busy: its store is away or its journal is full; run the same command again later")
	case http.StatusUnauthorized:
		return 0, errors.New("the token may not write to the site: make one with 'collector token create --scope write'")
	case http.StatusRequestEntityTooLarge:
		return 0, errors.New("the request is too large: use fewer --lines")
	default:
		return 0, fmt.Errorf("the tracking endpoint answers %d %s", res.StatusCode, strings.TrimSpace(string(text)))
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil || a.Status != "success" {
		return 0, fmt.Errorf("what answers at %s is no tracking endpoint", r.Endpoint)
	}
	r.counts.Invalid += a.Invalid
	return 0, nil
}
