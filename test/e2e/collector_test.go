package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// patience bounds everything that is waited for.
const patience = 2 * time.Minute

// collector is a running collector process with its dashboard.
type collector struct {
	Tracking  string // base URLs without a trailing slash
	Dashboard string
	Setup     string // the one-time link for the first log-in
	token     string
}

// build compiles the real command.
func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "collector")
	out, err := exec.Command("go", "build", "-o", bin, "foule.eu/foule/cmd/collector").CombinedOutput()
	if err != nil {
		t.Fatalf("build collector: %v\n%s", err, out)
	}
	return bin
}

// site is a site of its own for one client, so that clients do not add up.
type site struct{ ID, Goal string }

// addSite makes a site with a goal that is reached by hand.
func addSite(t *testing.T, bin, data, name, host string) site {
	t.Helper()
	var made, goal struct{ ID int }
	command(t, &made, bin, "site", "add", name, "--domain", host, "--timezone", "UTC", "--json", "--data", data)
	id := strconv.Itoa(made.ID)
	command(t, &goal, bin, "goal", "add", "By hand", "--site", id, "--match", "manually", "--json", "--data", data)
	return site{ID: id, Goal: strconv.Itoa(goal.ID)}
}

// command runs a command of the collector and decodes its JSON answer.
func command(t *testing.T, into any, bin string, args ...string) {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command(bin, args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, into)
	}
	if err != nil {
		t.Fatalf("collector %v: %v\n%s%s", args, err, out, errs.Bytes())
	}
}

// start runs the collector until the test ends, on free ports of 127.0.0.1.
func start(t *testing.T, bin, data string) *collector {
	t.Helper()
	var token struct{ Token string }
	command(t, &token, bin, "token", "create", "--name", "e2e", "--scope", "read", "--json", "--data", data)

	var log bytes.Buffer
	cmd := exec.Command(bin, "run", "--data", data, "--listen", "127.0.0.1:0", "--dashboard-listen", "127.0.0.1:0", "--flush-interval", "200ms")
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("collector ended with %v", err)
		}
		if t.Failed() {
			t.Logf("collector's log:\n%s", log.Bytes())
		}
	})

	c := &collector{token: token.Token}
	var ready struct{ Event, Tracking, Dashboard, Setup string }
	lines := bufio.NewScanner(out)
	for ready.Event != "ready" {
		if !lines.Scan() {
			t.Fatal("collector ended before it was ready")
		}
		_ = json.Unmarshal(lines.Bytes(), &ready) // other lines may come first
	}
	c.Tracking, c.Dashboard, c.Setup = ready.Tracking, ready.Dashboard, ready.Setup
	return c
}

// Totals are the numbers of a site's whole audience.
type Totals struct {
	Visitors, Visits, Hits, Actions, Conversions int64
}

// totals asks the JSON API for the last days.
func (c *collector) totals(t *testing.T, site string) Totals {
	t.Helper()
	var answer struct{ Totals Totals }
	c.report(t, site, "totals", &answer)
	return answer.Totals
}

// labels lists the labels of a report's rows.
func (c *collector) labels(t *testing.T, site, report string) []string {
	t.Helper()
	var answer struct{ Rows []struct{ Label string } }
	c.report(t, site, report, &answer)
	var labels []string
	for _, row := range answer.Rows {
		labels = append(labels, row.Label)
	}
	return labels
}

func (c *collector) report(t *testing.T, site, report string, into any) {
	t.Helper()
	now := time.Now().UTC()
	query := url.Values{"from": {now.AddDate(0, 0, -1).Format(time.DateOnly)}, "to": {now.Format(time.DateOnly)}}
	req, err := http.NewRequest("GET", fmt.Sprintf("%s/api/v1/sites/%s/reports/%s?%s", c.Dashboard, site, report, query.Encode()), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("report %s of site %s: %s", report, site, res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		t.Fatalf("report %s of site %s: %v", report, site, err)
	}
}

// settled waits until the totals are what is wanted, and gives them as they
// stand at the end.
func (c *collector) settled(t *testing.T, site string, want Totals) Totals {
	t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience / 4)
	for {
		got := c.totals(t, site)
		if got == want {
			return got
		}
		select {
		case <-tick.C:
		case <-end:
			return got
		}
	}
}

func chromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	return "/usr/bin/chromium"
}
