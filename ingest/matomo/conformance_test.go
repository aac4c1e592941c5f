package matomo

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// recorded is a line of hits.jsonl: a request that a real Matomo answered.
type recorded struct {
	N       int
	Note    string
	Method  string
	URL     string
	Headers map[string]string
	Body    string
}

// answered is a line of replies.jsonl.
type answered struct {
	N      int
	Status int
	Type   string
	Body   string
}

// TestRecordedReplies answers the requests that a real Matomo was sent, with
// its token and its only site, number 1, and compares status, type and body.
func TestRecordedReplies(t *testing.T) {
	hits := readLines[recorded](t, "hits.jsonl")
	replies := readLines[answered](t, "replies.jsonl")
	if len(hits) != len(replies) {
		t.Fatalf("%d hits, %d replies", len(hits), len(replies))
	}
	for i, hit := range hits {
		r := httptest.NewRequest(hit.Method, hit.URL, strings.NewReader(hit.Body))
		for name, value := range hit.Headers {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		answerRecorded(t, w, r)
		got := answered{N: hit.N, Status: w.Code, Type: w.Header().Get("Content-Type"), Body: w.Body.String()}
		if got.Body == gif {
			got.Body = "GIF"
		}
		if diff := cmp.Diff(replies[i], got); diff != "" {
			t.Errorf("%d (%s): want -, got +\n%s", hit.N, hit.Note, diff)
		}
	}
}

// answerRecorded does what the caller of this package does, with fixed sites.
func answerRecorded(t *testing.T, w http.ResponseWriter, r *http.Request) {
	t.Helper()
	req, err := Read(r, DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if req.Token != "{{token}}" {
		t.Fatalf("token %q", req.Token)
	}
	bulk := BulkReply{ShowInvalid: true, SendImage: req.SendImage}
	for i := range req.Hits {
		p := &req.Hits[i]
		hit, fault := p.Resolve(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), true)
		if fault == nil && hit.Site != 1 {
			fault = errSite
		}
		switch {
		case fault == nil:
			bulk.Tracked++
			if year := hit.Time.Year(); year != 2025 || !hit.IP.IsValid() {
				t.Errorf("time of year %d, address valid %t", year, hit.IP.IsValid())
			}
		case req.Bulk:
			bulk.Invalid = append(bulk.Invalid, p.Index)
		default:
			WriteError(w, r, fault)
			return
		}
	}
	if req.Bulk {
		WriteBulk(w, r, bulk)
	} else {
		WriteTracked(w, r, req.SendImage, false)
	}
}

// readLines reads a file of the conformance recordings, which lie beside the
// repository or under FOULE_SHARED.
func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	shared := os.Getenv("FOULE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(shared, "conformance", name))
	if err != nil {
		t.Skip("no recordings here: ", err)
	}
	defer f.Close()
	var lines []T
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var line T
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lines = append(lines, line)
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
