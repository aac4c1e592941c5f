package process

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"foule.eu/foule/storage/sqlite"
)

// inside tells the test that it runs in a network of its own, and where the
// programs are.
const inside = "FOULE_SILENT_PROGRAMS"

// TestSilent: a collector with its dashboard, and a dashboard alone, open no
// connection and send no datagram of their own, from the first start over hits,
// flushes and pages to a restart. They run in a network without a way out, whose
// counters tell every attempt, those to resolve a name included.
func TestSilent(t *testing.T) {
	if programs := os.Getenv(inside); programs != "" {
		silent(t, programs)
		return
	}
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	board := filepath.Join(t.TempDir(), "dashboard")
	if out, err := exec.Command("go", "build", "-o", board, "foule.eu/foule/cmd/dashboard").CombinedOutput(); err != nil {
		t.Fatalf("build the dashboard: %v\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestSilent$", "-test.v", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), inside+"="+bin+":"+board)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	out, err := cmd.CombinedOutput()
	switch {
	case cmd.Process == nil && (os.Getenv("CI") == "true" || os.Getenv("FOULE_E2E") == "1"):
		t.Fatalf("this machine makes no network namespace: %v", err)
	case cmd.Process == nil:
		t.Skipf("NOT TESTED: this machine makes no network namespace: %v", err)
	case err != nil || !strings.Contains(string(out), "--- PASS: TestSilent"):
		t.Fatalf("in a network of its own: %v\n%s", err, out)
	}
}

// silent is the test within its network.
func silent(t *testing.T, programs string) {
	bin, board, _ := strings.Cut(programs, ":")
	loopbackUp(t)
	before := traffic(t)
	data := t.TempDir()
	args := []string{
		"run", "--data", data, "--listen", "127.0.0.1:0", "--dashboard-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--log-level", "debug",
		"--flush-interval", "50ms", "--public-url", "https://stats.example.org", "--dashboard-url", "https://board.example.org", "--country-from-language", "true",
	}
	b := newVisitor(t)
	for run := range 2 {
		c := launch(t, exec.Command(bin, args...))
		c.wait(t)
		for _, hit := range []string{
			"url=https://www.example.org/a%3Futm_source=news.example.net", "urlref=https://referrer.example.net/page&url=https://www.example.org/", "link=https://out.example.com/x",
			"cip=198.51.100.7&url=https://www.example.org/", "uadata={}&e_c=a&e_a=b", "idgoal=0&ec_id=1&revenue=2",
		} {
			b.get(t, c.ready.Tracking+"/matomo.php?idsite=1&rec=1&send_image=0&"+hit)
		}
		for _, path := range []string{"/foule.js", "/matomo.js", "/optout", "/healthz"} {
			b.get(t, c.ready.Tracking+path)
		}
		for end := time.Now().Add(patience); strings.Contains(b.get(t, c.ready.Metrics), "foule_batches_applied_total 0\n"); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("no batch reaches the store")
			}
		}
		if run == 0 {
			b.logIn(t, c.ready.Dashboard, c.ready.Setup)
		}
		for _, path := range []string{"/", "/sites/1", "/sites/1/install", "/sites/1/settings", "/account", "/api/v1/sites/1", "/api/v1/sites/1/live"} {
			if page := b.get(t, c.ready.Dashboard+path); strings.Contains(page, `action="/login"`) {
				t.Errorf("%s wants a log-in: the page was not read", path)
			}
		}
		c.stop(t)
	}
	alone := launch(t, exec.Command(board, "run", "--data", data, "--listen", "127.0.0.1:0"))
	alone.wait(t)
	b.get(t, alone.ready.Dashboard+"/sites/1")
	alone.stop(t)
	if store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{}); err != nil {
		t.Error(err)
	} else if err := store.Close(); err != nil {
		t.Error(err)
	}

	after := traffic(t)
	for name, want := range map[string]int64{
		"Tcp ActiveOpens": b.dials.Load(), "Tcp AttemptFails": 0, "Udp OutDatagrams": 0, "Udp6OutDatagrams": 0, "UdpLite OutDatagrams": 0, "Ip OutNoRoutes": 0, "Ip6OutNoRoutes": 0,
	} {
		if got := after[name] - before[name]; got != want {
			t.Errorf("%s is %d, want %d: somebody tried to reach something", name, got, want)
		}
	}
	attempts(t)
}

// attempts shows that the counters tell what the test looks for.
func attempts(t *testing.T) {
	t.Helper()
	before := traffic(t)
	for _, address := range []string{"192.0.2.1:443", "[2001:db8::1]:443", "127.0.0.1:9"} {
		if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			conn.Close()
			t.Errorf("%s answers: the network has a way out", address)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	resolver := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", "127.0.0.1:53")
	}}
	if _, err := resolver.LookupHost(ctx, "stats.example.org"); err == nil {
		t.Error("a name is resolved")
	}
	after := traffic(t)
	for _, name := range []string{"Ip OutNoRoutes", "Ip6OutNoRoutes", "Tcp ActiveOpens", "Udp OutDatagrams"} {
		if after[name] == before[name] {
			t.Errorf("%s does not count: the test proves nothing", name)
		}
	}
}

// visitor is this test's own traffic, which it counts.
type visitor struct {
	http.Client
	dials atomic.Int64
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	v := &visitor{}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.Jar = jar
	v.Transport = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		v.dials.Add(1)
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}}
	return v
}

func (v *visitor) get(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	return v.answer(t, req)
}

func (v *visitor) answer(t *testing.T, req *http.Request) string {
	t.Helper()
	res, err := v.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 500 {
		t.Fatalf("%s: %s, %v", req.URL, res.Status, err)
	}
	return string(body)
}

// logIn uses the set-up link, which names the dashboard as people see it.
func (v *visitor) logIn(t *testing.T, base, setup string) {
	t.Helper()
	link, err := url.Parse(setup)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"t": {link.Query().Get("t")}, "email": {"me@example.org"}, "password": {"a long enough password"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/setup", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	v.answer(t, req)
}

// loopbackUp brings up the only interface of a new network.
func loopbackUp(t *testing.T) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo); err != nil {
		t.Fatalf("bring up lo: %v", err)
	}
}

// traffic reads the network's counters.
func traffic(t *testing.T) map[string]int64 {
	t.Helper()
	counters := map[string]int64{}
	b, err := os.ReadFile("/proc/self/net/snmp")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	for i := 0; i+1 < len(lines); i += 2 { // a line of names, a line of numbers
		protocol, names, _ := strings.Cut(lines[i], ":")
		_, numbers, _ := strings.Cut(lines[i+1], ":")
		values := strings.Fields(numbers)
		for j, name := range strings.Fields(names) {
			n, err := strconv.ParseInt(values[j], 10, 64)
			if err != nil {
				t.Fatal(fmt.Errorf("%s of %s: %w", name, protocol, err))
			}
			counters[protocol+" "+name] = n
		}
	}
	if b, err = os.ReadFile("/proc/self/net/snmp6"); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 2 {
			if n, err := strconv.ParseInt(f[1], 10, 64); err == nil {
				counters[f[0]] = n
			}
		}
	}
	return counters
}
