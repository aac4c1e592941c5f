package deploy

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
)

// Clients of the tests: addresses of this machine's loopback range, each in a
// network of its own once it is cut to /24.
const (
	alice  = "127.77.1.5"
	bob    = "127.88.2.6"
	forged = "203.0.113.9" // what they claim
)

const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// front is a proxy in front of a collector.
type front struct {
	*process
	http, https        string // ports
	stats, board, site string // host names
	roots              *x509.CertPool
	dir                string // everything that it writes is below
	behind             *collector
}

// proxies start each proxy with the file under test in front of a collector.
// edit changes the file once more.
var proxies = map[string]func(t *testing.T, c *collector, edit func(string) string) *front{
	"nginx": startNginx,
	"caddy": startCaddy,
}

func unchanged(text string) string { return text }

func startNginx(t *testing.T, c *collector, edit func(string) string) *front {
	bin := tool(t, "nginx")
	f := &front{http: freePort(t), https: freePort(t), stats: "stats.example.org", board: "board.example.org", site: "www.example.org", dir: t.TempDir(), behind: c}
	f.roots = certificate(t, f.dir, f.stats, f.board, f.site)
	text := read(t, "nginx/foule.conf")
	text = put(t, text, "    listen [::]:80;\n", "")
	text = put(t, text, "    listen [::]:443 ssl http2;\n", "")
	text = put(t, text, "listen 80;", "listen 127.0.0.1:"+f.http+";")
	text = put(t, text, "listen 443 ", "listen 127.0.0.1:"+f.https+" ")
	text = put(t, text, "server 127.0.0.1:8080;", "server "+host(c.Tracking)+";")
	text = put(t, text, "server 127.0.0.1:8081;", "server "+host(c.Dashboard)+";")
	for _, name := range []string{f.stats, f.board, f.site} {
		text = put(t, text, "/etc/letsencrypt/live/"+name+"/fullchain.pem", f.dir+"/cert.pem")
		text = put(t, text, "/etc/letsencrypt/live/"+name+"/privkey.pem", f.dir+"/key.pem")
	}
	write(t, f.dir+"/foule.conf", edit(text))
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	// What a distribution's own nginx.conf says, its logs included.
	main := user + "daemon off;\npid " + f.dir + "/pid;\nerror_log " + f.dir + "/error.log;\nevents {}\nhttp {\n  access_log " + f.dir + "/access.log;\n  gzip on;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		main += "  " + kind + "_temp_path " + f.dir + "/" + kind + ";\n"
	}
	conf := write(t, f.dir+"/nginx.conf", main+"  include "+f.dir+"/foule.conf;\n}\n")
	if out, err := exec.Command(bin, "-t", "-c", conf).CombinedOutput(); err != nil || strings.Contains(string(out), "warn") {
		t.Fatalf("nginx -t: %v\n%s", err, out)
	}
	f.process = start(t, exec.Command(bin, "-c", conf))
	f.ready(t)
	return f
}

func startCaddy(t *testing.T, c *collector, edit func(string) string) *front {
	bin := tool(t, "caddy")
	// Caddy makes certificates for names below localhost itself, and asks nobody.
	f := &front{http: freePort(t), https: freePort(t), stats: "stats.localhost", board: "board.localhost", site: "www.localhost", dir: t.TempDir(), behind: c}
	text := read(t, "caddy/Caddyfile")
	text = put(t, text, "\tlog default {", "\tadmin off\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n\thttp_port "+f.http+"\n\thttps_port "+f.https+"\n\tlog default {")
	text += "\n" + f.site + " {\n\timport foule_path\n\trespond 404\n}\n"
	conf := write(t, f.dir+"/Caddyfile", edit(text))
	env := append(os.Environ(), "HOME="+f.dir, "XDG_DATA_HOME="+f.dir+"/share", "XDG_CONFIG_HOME="+f.dir+"/config",
		"FOULE_TRACKING_HOST="+f.stats, "FOULE_DASHBOARD_HOST="+f.board, "FOULE_COLLECTOR="+host(c.Tracking), "FOULE_DASHBOARD="+host(c.Dashboard))
	check := exec.Command(bin, "validate", "--config", conf, "--adapter", "caddyfile")
	check.Env = env
	if out, err := check.CombinedOutput(); err != nil {
		t.Fatalf("caddy validate: %v\n%s", err, out)
	}
	run := exec.Command(bin, "run", "--config", conf, "--adapter", "caddyfile")
	run.Env = env
	f.process = start(t, run)
	root := f.dir + "/share/caddy/pki/authorities/local/root.crt"
	eventually(t, "Caddy's own certificate authority", func() bool {
		b, err := os.ReadFile(root)
		f.roots = x509.NewCertPool()
		return err == nil && f.roots.AppendCertsFromPEM(b)
	})
	f.ready(t)
	return f
}

// host gives the host and port of a URL.
func host(base string) string { return strings.TrimPrefix(base, "http://") }

// certificate writes cert.pem and key.pem for some names.
func certificate(t *testing.T, dir string, names ...string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	write(t, dir+"/cert.pem", string(cert))
	write(t, dir+"/key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return pool
}

// ready waits until the proxy answers for each of its hosts.
func (f *front) ready(t *testing.T) {
	t.Helper()
	for _, name := range []string{f.stats, f.board, f.site} {
		eventually(t, "the proxy serves "+name, func() bool {
			res, err := f.client(bob).Get("https://" + name + "/healthz")
			if err == nil {
				res.Body.Close()
			}
			return err == nil
		})
	}
}

// client gives a client that comes from an address of its own; whatever host it
// asks for is the proxy.
func (f *front) client(from string) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			ForceAttemptHTTP2: true, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: f.roots},
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				port := f.https
				if strings.HasSuffix(address, ":80") {
					port = f.http
				}
				return dialer.DialContext(ctx, network, "127.0.0.1:"+port)
			},
		},
	}
}

// hit sends a page view from an address, with forged words about it.
func (f *front) hit(t *testing.T, from, base, claims string, site int) int {
	t.Helper()
	query := url.Values{"idsite": {fmt.Sprint(site)}, "rec": {"1"}, "send_image": {"0"}, "url": {"https://shop.example/"}}
	req, err := http.NewRequest("GET", base+"/matomo.php?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP"} {
		req.Header.Set(name, claims)
	}
	req.Header.Set("Forwarded", "for="+claims)
	res, err := f.client(from).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.ProtoMajor != 2 {
		t.Errorf("%s speaks %s, want HTTP/2", base, res.Proto)
	}
	return res.StatusCode
}

// rows asks the JSON API behind the dashboard's host for a report.
func (f *front) rows(t *testing.T, site int, report string) map[string]map[string]int64 {
	t.Helper()
	return f.behind.rows(t, f.client(bob), "https://"+f.board, site, report)
}

// TestClientAddress: whatever a client claims, the address that its connection
// comes from is the one by which it is counted, and by which it is left out.
func TestClientAddress(t *testing.T) {
	for name, run := range proxies {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			newStore(t, data,
				foule.Site{Name: "Counted"},
				foule.Site{Name: "Leaves out the client's network", ExcludedIPs: []string{"127.77.1.0/24"}},
				foule.Site{Name: "Leaves out the claimed network", ExcludedIPs: []string{"203.0.113.0/24"}},
				foule.Site{Name: "Leaves out the proxy", ExcludedIPs: []string{"127.0.0.1"}},
			)
			c := startCollector(t, data, "--trusted-proxies", "127.0.0.1")
			f := run(t, c, unchanged)
			tracking, path := "https://"+f.stats, "https://"+f.site+"/stats"
			for _, h := range []struct {
				from, base, claims string
				site               int
			}{
				{alice, tracking, forged, 1}, {alice, tracking, "198.51.100.1", 1}, {alice, tracking, "127.0.0.1", 1}, {alice, path, "192.0.2.44", 1},
				{bob, tracking, forged, 1}, {bob, path, alice, 1},
				{alice, tracking, forged, 2}, {alice, path, forged, 2}, {bob, tracking, alice, 2},
				{alice, tracking, forged, 3}, {alice, path, forged, 3},
				{alice, tracking, forged, 4}, {alice, path, "127.0.0.1", 4},
			} {
				if status := f.hit(t, h.from, h.base, h.claims, h.site); status != http.StatusNoContent {
					t.Errorf("a hit of %s for site %d is answered %d", h.from, h.site, status)
				}
			}
			for site, want := range map[int]struct{ hits, visitors, excluded int64 }{1: {6, 2, 0}, 2: {1, 1, 2}, 3: {2, 1, 0}, 4: {2, 1, 0}} {
				eventually(t, fmt.Sprintf("the hits of site %d are counted", site), func() bool {
					return f.rows(t, site, "totals")[""]["hits"] >= want.hits && f.rows(t, site, "excluded")["excluded_address"]["hits"] >= want.excluded
				})
				total, excluded := f.rows(t, site, "totals")[""], f.rows(t, site, "excluded")
				if total["hits"] != want.hits || total["visitors"] != want.visitors || excluded["excluded_address"]["hits"] != want.excluded {
					t.Errorf("site %d: %d hits of %d visitors, %v left out; want %+v", site, total["hits"], total["visitors"], excluded, want)
				}
			}
		})
	}
}

// TestProxyManners: HTTPS only, bodies as large as the collector takes, the
// script compressed by Foule, nothing of the dashboard on the tracking host.
func TestProxyManners(t *testing.T) {
	for name, run := range proxies {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			newStore(t, data, foule.Site{Name: "Site"})
			f := run(t, startCollector(t, data, "--trusted-proxies", "127.0.0.1"), unchanged)
			bulk := func(size int) string {
				return `{"requests":["?idsite=1&rec=1&url=https://shop.example/&_cvar=` + strings.Repeat("x", size) + `"]}`
			}
			for _, row := range []struct {
				name, method, url, body string
				header                  string // Accept-Encoding
				status                  int
				want                    map[string]string // of the answer's header
			}{
				{"plain HTTP, tracking", "GET", "http://" + f.stats + "/matomo.js", "", "", 0, map[string]string{"Location": "https://" + f.stats + "/matomo.js"}},
				{"plain HTTP, dashboard", "GET", "http://" + f.board + "/login", "", "", 0, map[string]string{"Location": "https://" + f.board + "/login"}},
				{"the script in Brotli's form", "GET", "https://" + f.stats + "/matomo.js", "", "br, gzip", 200, map[string]string{"Content-Encoding": "br"}},
				{"the script by gzip", "GET", "https://" + f.stats + "/matomo.js", "", "gzip", 200, map[string]string{"Content-Encoding": "gzip"}},
				{"the script as it is", "GET", "https://" + f.stats + "/matomo.js", "", "identity", 200, map[string]string{"Content-Encoding": ""}},
				{"the script below the site", "GET", "https://" + f.site + "/stats/matomo.js", "", "gzip", 200, map[string]string{"Content-Encoding": "gzip"}},
				{"a bulk of 7 MB", "POST", "https://" + f.stats + "/matomo.php", bulk(7 << 20), "", 200, nil},
				{"a bulk of 9 MB", "POST", "https://" + f.stats + "/matomo.php", bulk(9 << 20), "", 413, nil},
				{"a query of 40 kB", "GET", "https://" + f.stats + "/matomo.php?idsite=1&rec=1&send_image=0&url=https://shop.example/&x=" + strings.Repeat("x", 40<<10), "", "", 204, nil},
				{"the dashboard", "GET", "https://" + f.board + "/login", "", "", 200, map[string]string{"Strict-Transport-Security": "max-age=31536000"}},
				{"no dashboard on the tracking host", "GET", "https://" + f.stats + "/login", "", "", 404, nil},
				{"no metrics either", "GET", "https://" + f.stats + "/metrics", "", "", 404, nil},
			} {
				req, err := http.NewRequest(row.method, row.url, strings.NewReader(row.body))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Accept-Encoding", row.header)
				res, err := f.client(alice).Do(req)
				if err != nil {
					t.Errorf("%s: %v", row.name, err)
					continue
				}
				res.Body.Close()
				if row.status != 0 && res.StatusCode != row.status || row.status == 0 && (res.StatusCode != 301 && res.StatusCode != 308) {
					t.Errorf("%s: %s, want %d", row.name, res.Status, row.status)
				}
				for key, want := range row.want {
					// The test's ports are not those of the standard.
					if got := strings.ReplaceAll(res.Header.Get(key), ":"+f.https, ""); got != want {
						t.Errorf("%s: %s is %q, want %q", row.name, key, got, want)
					}
				}
				if s := res.Header.Get("Server"); strings.ContainsAny(s, "0123456789") {
					t.Errorf("%s: Server tells the version: %s", row.name, s)
				}
			}
		})
	}
}

// canary is what no log may hold: parts of a request.
var canary = []string{alice, "Canary/1.0", "secret-page", "cookie-of-the-site"}

// TestProxyLogs: a hit leaves no trace in the proxy's logs, neither one that is
// counted nor one that fails. The same proxy with its usual logs does leave one,
// so the search would find it.
func TestProxyLogs(t *testing.T) {
	loud := map[string]func(string) string{
		"nginx": func(text string) string {
			text = strings.ReplaceAll(text, "error_log /dev/null emerg;", "")
			return strings.ReplaceAll(text, "access_log off;", "")
		},
		"caddy": func(text string) string { return strings.ReplaceAll(text, "request delete", "unused delete") },
	}
	for name, run := range proxies {
		for _, quiet := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s quiet=%t", name, quiet), func(t *testing.T) {
				edit := unchanged
				if !quiet {
					edit = loud[name]
				}
				data := t.TempDir()
				newStore(t, data, foule.Site{Name: "Site"})
				f := run(t, startCollector(t, data, "--trusted-proxies", "127.0.0.1"), edit)
				ask := func() (status int) {
					for _, base := range []string{"https://" + f.stats, "https://" + f.site + "/stats"} {
						req, err := http.NewRequest("GET", base+"/matomo.php?idsite=1&rec=1&send_image=0&url=https://shop.example/secret-page", nil)
						if err != nil {
							t.Fatal(err)
						}
						req.Header.Set("User-Agent", "Canary/1.0")
						req.Header.Set("Cookie", "id=cookie-of-the-site")
						res, err := f.client(alice).Do(req)
						if err != nil {
							t.Fatal(err)
						}
						_, _ = io.Copy(io.Discard, res.Body)
						res.Body.Close()
						status = max(status, res.StatusCode)
					}
					return status
				}
				if status := ask(); status != http.StatusNoContent {
					t.Errorf("a hit is answered %d", status)
				}
				if err := f.behind.end(); err != nil {
					t.Errorf("the collector ended with %v", err)
				}
				if status := ask(); status != http.StatusBadGateway {
					t.Errorf("without a collector a hit is answered %d, want 502", status)
				}
				_ = f.end()
				found := search(t, f)
				if quiet && len(found) > 0 {
					t.Errorf("the proxy wrote down %v", found)
				}
				if !quiet && len(found) == 0 {
					t.Error("the search finds nothing even in usual logs: it proves nothing")
				}
			})
		}
	}
}

// search looks for the canary in everything that the proxy wrote.
func search(t *testing.T, f *front) (found []string) {
	t.Helper()
	look := func(where, content string) {
		for _, c := range canary {
			if strings.Contains(content, c) {
				found = append(found, where+": "+c)
			}
		}
	}
	look("output", f.log.String())
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		look(path, read(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
