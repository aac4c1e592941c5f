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
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
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
