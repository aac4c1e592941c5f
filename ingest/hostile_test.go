package ingest_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/aggregate"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// served is the tracking side behind the server that the command uses.
type served struct {
	url   string
	stop  func()
	count func(foule.Dimension, string) int64 // after stop
}

func serve(t *testing.T) *served {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if _, err := store.AddSite(t.Context(), foule.Site{Name: "Site", Timezone: "UTC"}); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	c, err := ingest.Open(t.Context(), ingest.Options{
		Dir: t.TempDir(), Store: store, Interval: 20 * time.Millisecond, Thresholds: aggregate.DefaultSettings,
		Truncation: anonymize.DefaultTruncation, Now: time.Now, Log: log, Metrics: ingest.NewMetrics(),
		Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") },
	})
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.Listen("127.0.0.1:0", c.Endpoint, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- app.Serve(ctx, 10*time.Second, server) }()
	s := &served{url: server.URL() + "/matomo.php"}
	s.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
	s.count = func(dim foule.Dimension, label string) int64 {
		today := foule.DayOf(time.Now(), time.UTC)
		result, err := store.Table(context.Background(), storage.TableQuery{Site: 1, From: today - 3, To: today + 1, Dim: dim, Label: &label})
		if err != nil {
			t.Fatal(err)
		}
		return result.Sum[foule.Hits]
	}
	return s
}

// ask sends a request and gives status and body.
func (s *served) ask(t *testing.T, method, query, body string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, s.url+"?"+query, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

func hit(more ...string) string {
	q := url.Values{"idsite": {"1"}, "rec": {"1"}, "send_image": {"0"}, "url": {"https://example.org/odd"}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
		if more[i+1] == "" {
			q.Del(more[i])
		}
	}
	return q.Encode()
}

func bulkOf(n int, element string) string {
	return `{"requests":[` + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + `]}`
}

func squeezed(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHostile: every odd request has its clear answer, is counted if Matomo
// would count it, and does no harm to a neighbour's hit sent meanwhile.
func TestHostile(t *testing.T) {
	s := serve(t)
	ago := func(d time.Duration) string { return time.Now().Add(-d).UTC().Format(time.DateTime) }
	element := `"?` + hit("url", "https://example.org/bulk") + `"`
	rows := []struct {
		name, method, query, body string
		headers                   []string
		status                    int
		says                      string
		counted                   int64 // page views of /odd
	}{
		{name: "unknown site", query: hit("idsite", "99"), status: 400, says: "idsite"},
		{name: "no site", query: hit("idsite", ""), status: 400, says: "idsite"},
		{name: "site zero", query: hit("idsite", "0"), status: 400, says: "idsite"},
		{name: "negative site", query: hit("idsite", "-1"), status: 400, says: "idsite"},
		{name: "site beyond 64 bits", query: hit("idsite", "99999999999999999999"), status: 400, says: "idsite"},
		{name: "site that wraps to 1", query: hit("idsite", "4294967297"), status: 400, says: "idsite"},
		{name: "no rec", query: hit("rec", ""), status: 204},
		{name: "rec=0", query: hit("rec", "0"), status: 204},
		{name: "nothing", status: 200, says: "tracking endpoint"},
		{name: "an empty POST", method: "POST", status: 400},
		{name: "bad UTF-8", query: hit() + "&action_name=%ff%fe%c3%28&e_n=%80", status: 204, counted: 1},
		{name: "broken escapes", query: hit() + "&action_name=%zz%&%=%&&&=&;", status: 204, counted: 1},
		{name: "NUL and line breaks", query: hit("action_name", "a\x00b\r\nc"), status: 204, counted: 1},
		{name: "a URL of 2 MB", query: hit() + "&x=" + strings.Repeat("a", 2<<20), status: 431},
		{name: "a URL of 66 kB", query: hit() + "&x=" + strings.Repeat("a", 66_000), status: 414}, // from 69,632 bytes on it depends on the connection: a used one lends its buffer
		{name: "a title of 60 kB", query: hit("action_name", strings.Repeat("title ", 10_000)), status: 204, counted: 1},
		{name: "a body of 1 MB", method: "POST", body: hit("action_name", strings.Repeat("t", 1<<20)), status: 204, counted: 1},
		{name: "a body of 9 MB", method: "POST", body: strings.Repeat("x", 9<<20), status: 413},
		{name: "a bulk of 10,000", method: "POST", body: bulkOf(10_000, element), status: 200, says: `{"status":"success","tracked":10000,"invalid":0}`},
		{name: "a bulk of 10,001", method: "POST", body: bulkOf(10_001, element), status: 413, says: `"status":"error"`},
		{name: "a bulk of nothing", method: "POST", body: `{"requests":[]}`, status: 400, says: `"status":"error"`},
		{name: "broken JSON", method: "POST", body: `{"requests":["?idsite=1&rec=1"`, status: 400, says: `"status":"error"`},
		{name: "deep JSON", method: "POST", body: `{"requests":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, status: 400, says: `"status":"error"`},
		{name: "JSON of another shape", method: "POST", body: `["requests",{"requests":7}]`, status: 400, says: `"status":"error"`},
		{name: "elements of other shapes", method: "POST", body: `{"requests":[null,7,true,[],{},"",{"idsite":1,"rec":1,"url":"https://example.org/odd"},{"idsite":{"a":1},"rec":[1]}]}`, status: 200, says: `"tracked":1,"invalid":1`, counted: 1},
		{name: "absurd numbers", query: hit("e_c", "c", "e_a", "a", "e_v", "1e308", "revenue", "-1e400", "h", "99", "search_count", "-5", "res", "0x0", "cdo", "9223372036854775807"), status: 204},
		{name: "a goal beyond 32 bits", query: hit("idgoal", "4294967297"), status: 400, says: "idgoal"},
		{name: "no number", query: hit("e_c", "c", "e_a", "a", "e_v", "NaN", "revenue", "Inf"), status: 204},
		{name: "an old cdt without token", query: hit("cdt", ago(48*time.Hour)), status: 400, says: "token_auth"},
		{name: "a cdt of yesterday", query: hit("cdt", ago(23*time.Hour)), status: 204, counted: 1},
		{name: "a cdt of tomorrow", query: hit("cdt", ago(-24*time.Hour)), status: 204, counted: 1},
		{name: "a cdt of 1970", query: hit("cdt", "1"), status: 204, counted: 1},
		{name: "a cdt of the year 9999", query: hit("cdt", "9999-12-31 23:59:59"), status: 204, counted: 1},
		{name: "no cdt at all", query: hit("cdt", "yesterday"), status: 204, counted: 1},
		{name: "PUT", method: "PUT", query: hit(), status: 405},
		{name: "DELETE", method: "DELETE", query: hit(), status: 405},
		{name: "a method of their own", method: "BREW", query: hit(), status: 405},
		{name: "OPTIONS", method: "OPTIONS", query: hit(), status: 204},
		{name: "HEAD", method: "HEAD", query: hit("send_image", "1"), status: 200, counted: 1},
		{name: "gzip", method: "POST", body: squeezed(t, hit()), headers: []string{"Content-Encoding", "gzip"}, status: 204, counted: 1},
		{name: "a gzip bomb", method: "POST", body: squeezed(t, strings.Repeat("\x00", 64<<20)), headers: []string{"Content-Encoding", "gzip"}, status: 413},
		{name: "no gzip", method: "POST", body: hit(), headers: []string{"Content-Encoding", "gzip"}, status: 400},
		{name: "half of a gzip", method: "POST", body: squeezed(t, hit())[:30], headers: []string{"Content-Encoding", "gzip"}, status: 400},
		{name: "another encoding", method: "POST", body: hit(), headers: []string{"Content-Encoding", "br"}, status: 415},
		{name: "a broken form", method: "POST", query: hit(), body: "--x\r\nContent-Disposition: form-data; name=\"a\"", headers: []string{"Content-Type", "multipart/form-data; boundary=x"}, status: 204, counted: 1},
		{name: "a URL that is none", query: hit("url", "::::"), status: 204},
		{name: "90 kB of headers", query: hit(), headers: []string{"X-Long", strings.Repeat("h", 90_000)}, status: 431},
	}
	var odd, neighbours int64
	for _, row := range rows {
		if row.method == "" {
			row.method = http.MethodGet
		}
		neighbour := make(chan int, 1)
		go func() {
			res, err := http.Get(s.url + "?" + hit("url", "https://example.org/neighbour", "ua", agent))
			if err != nil {
				neighbour <- 0
				return
			}
			res.Body.Close()
			neighbour <- res.StatusCode
		}()
		status, answer := s.ask(t, row.method, row.query, row.body, row.headers...)
		if status != row.status || !strings.Contains(answer, row.says) {
			t.Errorf("%s: %d %.200q, want %d with %q", row.name, status, answer, row.status, row.says)
		}
		if status := <-neighbour; status != http.StatusNoContent {
			t.Errorf("%s: the neighbour is answered %d", row.name, status)
		}
		odd += row.counted
		neighbours++
	}
	s.stop()
	for label, want := range map[string]int64{"/odd": odd, "/neighbour": neighbours, "/bulk": 10_000} {
		if got := s.count(foule.DimPage, label); got != want {
			t.Errorf("%s was counted %d times, want %d", label, got, want)
		}
	}
}

// TestSlowClients: clients that send a byte and wait take nothing from others.
func TestSlowClients(t *testing.T) {
	s := serve(t)
	base, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", base.Host)
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	var slow []net.Conn
	for i := range 200 {
		conn := dial()
		slow = append(slow, conn)
		start := "POST /matomo.php?" + hit() + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n"
		if i%2 == 0 {
			start = "GET /matomo.php?" + hit() + " HTTP/1.1\r\nHos"
		}
		if _, err := io.WriteString(conn, start); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		if status, _ := s.ask(t, http.MethodGet, hit("url", "https://example.org/neighbour"), ""); status != http.StatusNoContent {
			t.Errorf("a neighbour is answered %d", status)
		}
	}
	// A pipelined pair on one connection is answered in order.
	conn := dial()
	one := "GET /matomo.php?" + hit("url", "https://example.org/neighbour", "ua", agent) + " HTTP/1.1\r\nHost: x\r\n\r\n"
	if _, err := fmt.Fprint(conn, one, one); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	for range 2 {
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != http.StatusNoContent {
			t.Fatalf("a pipelined hit: %v, %v", res, err)
		}
	}
	for _, conn := range append(slow, conn) {
		conn.Close()
	}
	s.stop()
	if neighbours, odd := s.count(foule.DimPage, "/neighbour"), s.count(foule.DimPage, "/odd"); neighbours != 22 || odd != 0 {
		t.Errorf("%d whole and %d unfinished hits were counted, want 22 and 0", neighbours, odd)
	}
}
