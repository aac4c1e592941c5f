package process

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/canary"
)

// noted is the only file in which an address may stand, without its end.
const noted = "access.log"

// TestCanary is invariant I1: of all that a client sends, what may not leave
// the door stands in no file of the data folder, no line of output, no metric
// and no answer, in no usual encoding, neither while hits come nor afterwards.
func TestCanary(t *testing.T) {
	data := t.TempDir()
	sites := promise(t, data, foule.Privacy{}, foule.Privacy{Preset: foule.PresetCNIL, Consent: true}, foule.Privacy{Preset: foule.PresetNoVisitorKey})
	var made struct{ Token string }
	command(t, &made, "token", "create", "--name", "canary", "--scope", "write", "--data", data)
	c := start(t, data, "--log-level", "debug", "--metrics-listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1", "--access-log", filepath.Join(data, noted))
	c.wait(t)

	plan := canary.NewPlan(canary.Options{Token: made.Token, Header: "X-Forwarded-For"})
	for _, site := range sites {
		plan.Add(site)
	}
	probes := append(plan.Counting, plan.Probes...)
	for round := range 3 {
		for i := range probes {
			send(t, plan, &probes[i], c.ready.Tracking, round)
		}
		for _, garbage := range plan.Garbage {
			answer, err := canary.SendRaw(t.Context(), c.ready.Tracking, garbage)
			if err != nil {
				t.Fatal(err)
			}
			if found := canary.Wrong(plan.In(answer), false); len(found) > 0 {
				t.Errorf("the answer to garbage holds %q", found)
			}
		}
		look(t, plan, data, c)
		if round == 0 {
			settle(t, c)
			look(t, plan, data, c)
		}
	}
	metrics := get(t, c.ready.Metrics)
	if !bytes.Contains(metrics, []byte("foule_hits_total")) || !bytes.Contains(metrics, []byte(`foule_requests_refused_total{reason="visitor-id"}`)) {
		t.Errorf("the metrics lack counters:\n%s", metrics)
	}
	c.stop(t)
	look(t, plan, data, c)
	if log, err := os.ReadFile(filepath.Join(data, noted)); err != nil || !bytes.Contains(log, []byte(`"GET /matomo.php" 204 `)) || !bytes.Contains(log, []byte(`"POST /matomo.php" 200 `)) {
		t.Errorf("the access log lacks requests (%v):\n%.500s", err, log)
	}
	for _, name := range []string{"utm_campaign", "not_collected", "(referrer query)"} {
		if !kept(t, data, name) {
			t.Errorf("%q is not found: what was dropped is not counted by name", name)
		}
	}
	for _, missing := range lacking(t, plan, data) {
		t.Errorf("%s is not found in the store, so the search proves nothing", missing)
	}
}

// send sends a request of a plan and searches the answer.
func send(t *testing.T, plan *canary.Plan, probe *canary.Probe, base string, round int) {
	t.Helper()
	status, answer, err := probe.Send(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	want := probe.Status
	if round > 0 && probe.Again != 0 {
		want = probe.Again
	}
	if status != want {
		t.Errorf("%s %s %.300v: status %d, want %d", probe.Method, probe.Path, probe.Query, status, want)
	}
	if found := canary.Wrong(plan.In(answer), false); len(found) > 0 {
		t.Errorf("an answer holds %q", found)
	}
}

// look searches all that the process has written so far.
func look(t *testing.T, plan *canary.Plan, data string, c *collector) {
	t.Helper()
	contents := files(t, data)
	contents["standard output"], contents["standard error"] = c.out.Bytes(), c.log.Bytes()
	select {
	case <-c.exited:
	default:
		contents["metrics"] = get(t, c.ready.Metrics)
	}
	for name, content := range contents {
		if found := canary.Wrong(plan.In(content), filepath.Base(name) == noted); len(found) > 0 {
			t.Errorf("%s holds %q", strings.TrimPrefix(name, data), found)
		}
		if found := plan.In([]byte(name)); len(found) > 0 {
			t.Errorf("a file is named after %q", found)
		}
	}
}

func kept(t *testing.T, data, word string) bool {
	for _, content := range files(t, data) {
		if bytes.Contains(content, []byte(word)) {
			return true
		}
	}
	return false
}

// lacking lists the labels of a plan that are counted by design and stand in no
// file of the store.
func lacking(t *testing.T, plan *canary.Plan, data string) (missing []string) {
	t.Helper()
	found := map[string]bool{}
	for name, content := range files(t, data) {
		if !strings.Contains(name, "foule.db") {
			continue
		}
		for _, f := range plan.In(content) {
			found[f.Text] = true
		}
	}
	for _, m := range plan.List() {
		if m.Class == canary.Kept && !found[m.Text] {
			missing = append(missing, m.Name)
		}
	}
	return missing
}

// files reads every file below a folder.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	contents, err := canary.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// settle waits until a batch has been applied.
func settle(t *testing.T, c *collector) {
	t.Helper()
	end := time.After(patience)
	for bytes.Contains(get(t, c.ready.Metrics), []byte("foule_batches_applied_total 0\n")) {
		select {
		case <-end:
			t.Fatal("no batch reaches the store")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, res.Status, err)
	}
	return body
}
