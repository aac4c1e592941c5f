// Package bench measures whole processes: what a million hits cost Foule in CPU
// time, durably acknowledged over HTTP and applied to the store, beside a bare
// handler under the same load in the same run.
package bench

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/textproto"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var (
	enabled = flag.Bool("bench-process", false, "run the whole-process measurement")
	hits    = flag.Int("hits", 300_000, "hits to send to each process")
)

const connections = 256

// TestCostPerMillion is a measurement, not a test: it asserts only that every
// hit was acknowledged.
func TestCostPerMillion(t *testing.T) {
	if !*enabled {
		t.Skip("a measurement: make bench")
	}
	dir := t.TempDir()
	for name, pkg := range map[string]string{"collector": "../../cmd/collector", "bare": "./bare"} {
		build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, name), pkg)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build %s: %v\n%s", name, err, out)
		}
	}
	foule := func(data string) []string {
		return []string{filepath.Join(dir, "collector"), "run", "--data", filepath.Join(dir, data), "--listen", "127.0.0.1:0", "--dashboard-listen", "off",
			"--trusted-proxies", "127.0.0.1", "--journal-max-mb", "4096"}
	}
	idle := measure(t, foule("idle"), 0)
	bare := measure(t, []string{filepath.Join(dir, "bare")}, *hits)
	durable := measure(t, foule("durable"), *hits)
	written := measure(t, append(foule("written"), "--ack", "written"), *hits)
	million := func(r result) float64 { return (r.cpu - idle.cpu).Seconds() * 1e6 / float64(*hits) }
	base := bare.cpu.Seconds() * 1e6 / float64(*hits)
	fmt.Printf("CPU-seconds per million hits (%d hits over %d connections)\n", *hits, connections)
	fmt.Printf("  bare handler        %6.1f            %8.0f hits/s\n", base, bare.rate(*hits))
	fmt.Printf("  foule, durable      %6.1f  %4.2f times %8.0f hits/s\n", million(durable), million(durable)/base, durable.rate(*hits))
	fmt.Printf("  foule, written      %6.1f  %4.2f times %8.0f hits/s\n", million(written), million(written)/base, written.rate(*hits))
	info, err := os.Stat(filepath.Join(dir, "durable", "foule.db"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("  store file          %6.1f MB per million hits of one day\n", float64(info.Size())/float64(*hits))
}

type result struct {
	cpu  time.Duration // user and system, from start to the end of the drained process
	load time.Duration // wall time of the load
}

func (r result) rate(n int) float64 { return float64(n) / r.load.Seconds() }

// measure runs a process, sends it n hits, ends it and gives what it used.
func measure(t *testing.T, args []string, n int) result {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = io.Discard
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var ready struct{ Tracking string }
	if err := json.Unmarshal([]byte(line), &ready); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := load(strings.TrimPrefix(ready.Tracking, "http://"), n); err != nil {
		t.Error(err)
	}
	took := time.Since(began)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), took}
}

// load sends n requests over parallel connections and wants 200 to each.
func load(addr string, n int) error {
	var wg sync.WaitGroup
	errs := make(chan error, connections)
	for c := range connections {
		wg.Go(func() {
			if err := connection(addr, c, n/connections); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// connection sends hits of visitors that see a handful of pages each.
func connection(addr string, seed, n int) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	rnd := rand.New(rand.NewPCG(1, uint64(seed)))
	pages := rand.NewZipf(rnd, 1.3, 4, 1500)
	in := textproto.NewReader(bufio.NewReader(conn))
	var who visitor
	for i := range n {
		if i%5 == 0 {
			who = newVisitor(rnd)
		}
		if _, err := io.WriteString(conn, who.request(addr, int(pages.Uint64()), i%5 == 0, rnd)); err != nil {
			return err
		}
		if err := answer(in); err != nil {
			return err
		}
	}
	return nil
}

func answer(in *textproto.Reader) error {
	status, err := in.ReadLine()
	if err != nil {
		return err
	}
	if !strings.Contains(status, " 200 ") {
		return fmt.Errorf("answered %s", status)
	}
	header, err := in.ReadMIMEHeader()
	if err != nil {
		return err
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil {
		return err
	}
	_, err = in.R.Discard(length)
	return err
}

// visitor is one of the made-up visitors.
type visitor struct{ agent, address, language, resolution, referrer string }

var (
	agents = []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
		"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
	}
	languages   = []string{"fr-FR,fr;q=0.9,en;q=0.5", "en-US,en;q=0.9", "de-DE,de;q=0.9", "es-ES,es;q=0.9", "it-IT,it;q=0.9"}
	resolutions = []string{"1920x1080", "390x844", "412x915", "1440x900"}
	referrers   = []string{"", "", "https://www.google.com/", "https://www.bing.com/", "https://news.example.net/story", "https://t.co/x", "https://duckduckgo.com/"}
)

func newVisitor(rnd *rand.Rand) visitor {
	return visitor{
		agent: agents[rnd.IntN(len(agents))], language: languages[rnd.IntN(len(languages))], resolution: resolutions[rnd.IntN(len(resolutions))],
		referrer: referrers[rnd.IntN(len(referrers))], address: fmt.Sprintf("%d.%d.%d.9", 11+rnd.IntN(180), rnd.IntN(256), rnd.IntN(256)),
	}
}

// request is what matomo.js sends for a page view, as GET.
func (v visitor) request(host string, page int, entry bool, rnd *rand.Rand) string {
	ref := v.referrer
	if !entry {
		ref = "https://example.org/"
	}
	return fmt.Sprintf("GET /matomo.php?action_name=%s&idsite=1&rec=1&r=%d&h=14&m=%d&s=%d&url=%s&urlref=%s&_id=%016x&_idn=1&send_image=1&_refts=0&pv_id=%06x&pf_net=12&pf_srv=98&pf_tfr=3&pf_dm1=210&pf_dm2=190&pf_onl=4&pdf=1&qt=0&realp=0&wma=0&fla=0&java=0&ag=0&cookie=0&res=%s HTTP/1.1\r\n"+
		"Host: %s\r\nUser-Agent: %s\r\nAccept: image/avif,image/webp,*/*\r\nAccept-Language: %s\r\nAccept-Encoding: gzip, deflate, br\r\nReferer: https://example.org/\r\nX-Forwarded-For: %s\r\nConnection: keep-alive\r\n\r\n",
		url.QueryEscape("Page number "+strconv.Itoa(page)), rnd.IntN(1_000_000), rnd.IntN(60), rnd.IntN(60),
		url.QueryEscape("https://example.org/section/page-"+strconv.Itoa(page)), url.QueryEscape(ref), rnd.Uint64(), rnd.IntN(1<<24), v.resolution,
		host, v.agent, v.language, v.address)
}
