package accesslog_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest"
	"foule.eu/foule/ingest/accesslog"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// house is a collector over a store, with a token that may write.
type house struct {
	store  *sqlite.Store
	server *httptest.Server
	token  string
	posts  atomic.Int64
	flush  func()
}

func open(t testing.TB) *house {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if _, err := store.AddSite(t.Context(), foule.Site{Name: "Logs", Hosts: []string{"example.org"}, Timezone: "UTC"}); err != nil {
		t.Fatal(err)
	}
	secret, hash := storage.NewSecret()
	if _, err := store.AddToken(t.Context(), storage.Token{Hash: hash, Name: "import", Scope: storage.RoleWrite}); err != nil {
		t.Fatal(err)
	}
	c, err := ingest.Open(t.Context(), ingest.Options{
		Dir: t.TempDir(), Store: store, Interval: time.Hour, Thresholds: aggregate.DefaultSettings, Truncation: anonymize.DefaultTruncation,
		Now: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: ingest.NewMetrics(),
		Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("127.0.0.1") },
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{store: store, token: secret}
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.posts.Add(1)
		c.Endpoint.ServeHTTP(w, r)
	}))
	t.Cleanup(h.server.Close)
	h.flush = func() {
		if err := c.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *house) importer() accesslog.Importer {
	return accesslog.Importer{Endpoint: h.server.URL + "/matomo.php", Token: h.token, Site: 1, BaseURL: "https://example.org", Format: "auto", Lines: 100}
}

// hits gives a page's views over all days.
func (h *house) hits(t *testing.T, dim foule.Dimension, label string) int64 {
	t.Helper()
	from, _ := foule.ParseDay("2026-03-01")
	table, err := h.store.Table(t.Context(), storage.TableQuery{Site: 1, From: from, To: from + 60, Dim: dim, Label: &label})
	if err != nil {
		t.Fatal(err)
	}
	return table.Sum[foule.Hits]
}

// log is a day of n page views by many people, with what else a log has.
func log(n int) []byte {
	var b bytes.Buffer
	at := time.Date(2026, 3, 12, 8, 0, 0, 0, time.UTC)
	for i := range n {
		stamp := at.Add(time.Duration(i) * 7 * time.Second).Format("02/Jan/2006:15:04:05 -0700")
		ip := fmt.Sprintf("203.0.%d.%d", i%113, i%50)
		fmt.Fprintf(&b, "%s - - [%s] \"GET /page HTTP/1.1\" 200 5 \"-\" %q\n", ip, stamp, agent)
		fmt.Fprintf(&b, "%s - - [%s] \"GET /style.css HTTP/1.1\" 200 5 \"-\" %q\n", ip, stamp, agent)
		if i%10 == 0 {
			fmt.Fprintf(&b, "%s - - [%s] \"GET /manual.pdf HTTP/1.1\" 200 5 \"-\" %q\n", ip, stamp, agent)
			fmt.Fprintf(&b, "%s - - [%s] \"GET /gone HTTP/1.1\" 404 5 \"-\" %q\n", ip, stamp, agent)
			fmt.Fprintf(&b, "not a line of the log\n")
			fmt.Fprintf(&b, "%s - - [%s] \"GET /page HTTP/1.1\" 200 5 \"-\" \"Googlebot/2.1\"\n", ip, stamp)
		}
	}
	return b.Bytes()
}

func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestImport: a log goes the way of all hits, whatever it is packed in; sent
// again it counts nothing twice.
func TestImport(t *testing.T) {
	const views = 730
	text := log(views)
	var gz, zst bytes.Buffer
	zw := gzip.NewWriter(&gz)
	zw.Write(text)
	zw.Close()
	sw, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	sw.Write(text)
	sw.Close()
	for name, content := range map[string][]byte{"access.log": text, "access.log.gz": gz.Bytes(), "packed": zst.Bytes()} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			im := h.importer()
			var last accesslog.Progress
			im.Report = func(p accesslog.Progress) { last = p }
			path := write(t, name, content)
			counts, err := im.Run(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			want := accesslog.Counts{Lines: 2*views + 4*views/10, Sent: views + 2*views/10, Parts: views, Failed: views / 10, Malformed: views / 10}
			if counts != want {
				t.Errorf("counts %+v, want %+v", counts, want)
			}
			if last.Bytes != last.Size || last.Size != int64(len(content)) {
				t.Errorf("in the end %d of %d bytes are read", last.Bytes, last.Size)
			}
			if again, err := im.Run(t.Context(), path); err != nil || again != want {
				t.Errorf("once more: %+v, %v", again, err)
			}
			h.flush()
			if n := h.hits(t, foule.DimPage, "/page"); n != views {
				t.Errorf("%d page views, want %d", n, views)
			}
			if n := h.hits(t, foule.DimDownload, "example.org/manual.pdf"); n != views/10 {
				t.Errorf("%d downloads, want %d", n, views/10)
			}
			if n := h.hits(t, foule.DimExcluded, "bot"); n != views/10 {
				t.Errorf("%d hits of programs left out, want %d", n, views/10)
			}
		})
	}
}

// TestImportStopped: an import that is stopped is taken up by running it again.
func TestImportStopped(t *testing.T) {
	h := open(t)
	path := write(t, "access.log", log(700))
	ctx, stop := context.WithCancel(t.Context())
	im := h.importer()
	im.Report = func(p accesslog.Progress) {
		if p.Lines >= 300 {
			stop()
		}
	}
	if _, err := im.Run(ctx, path); err == nil {
		t.Fatal("a stopped import ends without error")
	}
	stopped := h.posts.Load()
	im.Report = nil
	if _, err := im.Run(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	h.flush()
	if n := h.hits(t, foule.DimPage, "/page"); n != 700 || stopped == 0 {
		t.Errorf("%d page views after %d requests before the stop, want 700", n, stopped)
	}
}

// TestImportRefused: what cannot work is said, with the line and without what stands there.
func TestImportRefused(t *testing.T) {
	h := open(t)
	good := write(t, "access.log", log(30))
	for name, row := range map[string]struct {
		change func(*accesslog.Importer)
		path   string
		want   string
	}{
		"no such file":     {func(*accesslog.Importer) {}, "none.log", "no such file"},
		"not a log":        {func(*accesslog.Importer) {}, write(t, "x", []byte(strings.Repeat("secret@example.org\n", 60))), "--format"},
		"a few such lines": {func(*accesslog.Importer) {}, write(t, "y", []byte("secret@example.org\n")), "--format"},
		"no such site":     {func(im *accesslog.Importer) { im.Site = 9 }, good, "is there a site 9"},
		"a wrong token":    {func(im *accesslog.Importer) { im.Token = "0123456789abcdef0123456789abcdef" }, good, "token"},
		"broken gzip":      {func(*accesslog.Importer) {}, write(t, "x.gz", []byte{0x1f, 0x8b, 1, 2, 3}), "gzip"},
	} {
		im := h.importer()
		row.change(&im)
		_, err := im.Run(t.Context(), row.path)
		if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	defer silent.Close()
	im := h.importer()
	im.Endpoint = silent.URL
	if _, err := im.Run(t.Context(), good); err == nil || !strings.Contains(err.Error(), "no tracking endpoint") {
		t.Errorf("another server: %v", err)
	}
}

// BenchmarkImport is the cost of a line of a log, from the file to the journal
// and the aggregates: parsing, the wire, and the way of a hit.
func BenchmarkImport(b *testing.B) {
	const lines = 20_000
	h := open(b)
	text := log(lines)
	im := h.importer()
	im.Lines = 5000
	b.ReportAllocs()
	rounds := 0
	for b.Loop() {
		rounds++
		im.Name = fmt.Sprint("round ", rounds)
		if _, err := im.Run(b.Context(), write(b, "access.log", text)); err != nil {
			b.Fatal(err)
		}
	}
	all := float64(rounds * bytes.Count(text, []byte("\n")))
	b.ReportMetric(all/b.Elapsed().Seconds(), "lines/s")
	b.ReportMetric(float64(rounds*lines*12/10)/b.Elapsed().Seconds(), "hits/s")
}

// TestHostileLog: whoever asks a web server for addresses that are as long as it
// allows does not keep its log from being imported; lines longer than any
// server's are no requests.
func TestHostileLog(t *testing.T) {
	h := open(t)
	var b bytes.Buffer
	line := func(path, query string) {
		fmt.Fprintf(&b, "203.0.113.9 - - [12/Mar/2026:09:05:07 +0000] \"GET %s?%s HTTP/1.1\" 200 5 \"https://example.net/%s\" %q\n", path, query, query, agent)
	}
	for range 600 {
		line("/long", strings.Repeat("x", 12<<10))
	}
	line("/absurd", strings.Repeat("x", 300<<10))
	line("/short", "")
	im := h.importer()
	im.Lines = 0
	counts, err := im.Run(t.Context(), write(t, "access.log", b.Bytes()))
	if err != nil || counts.Sent != 601 || counts.Malformed != 1 || counts.Invalid != 0 {
		t.Fatalf("%+v %v", counts, err)
	}
	h.flush()
	if long, short := h.hits(t, foule.DimPage, "/long"), h.hits(t, foule.DimPage, "/short"); long != 600 || short != 1 {
		t.Errorf("%d long and %d short requests were counted", long, short)
	}
}

// TestLogWithoutAgents: a log that does not tell agents, in Apache's "common"
// form, is counted if programs are, and the importer is not taken for one of them.
func TestLogWithoutAgents(t *testing.T) {
	h := open(t)
	im := h.importer()
	im.Bots = true
	if _, err := im.Run(t.Context(), write(t, "access.log", []byte(`203.0.113.9 - - [12/Mar/2026:09:05:07 +0000] "GET /common HTTP/1.1" 200 5`+"\n"))); err != nil {
		t.Fatal(err)
	}
	h.flush()
	if n, unknown := h.hits(t, foule.DimPage, "/common"), h.hits(t, foule.DimBrowser, ""); n != 1 || unknown != 1 {
		t.Errorf("counted %d times, of an unknown browser %d times", n, unknown)
	}
}
