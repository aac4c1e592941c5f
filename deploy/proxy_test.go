package deploy

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule"
)

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
