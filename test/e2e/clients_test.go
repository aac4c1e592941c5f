package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foule.eu/foule"
	"foule.eu/foule/web/tracker"
)

// scripts is the folder of the Node side.
const scripts = ".."

// needTools skips where the browser or the npm packages are missing, and
// fails where they must not be: in continuous integration.
func needTools(t *testing.T) {
	t.Helper()
	for what, path := range map[string]string{
		"npm packages (npm ci in test/)":                    filepath.Join(scripts, "node_modules", "playwright-core"),
		"Chromium (apt-get install chromium, or $CHROMIUM)": chromium(),
	} {
		if _, err := os.Stat(path); err != nil {
			if os.Getenv("CI") == "true" || os.Getenv("FOULE_E2E") == "1" {
				t.Fatalf("missing: %s", what)
			}
			t.Skipf("missing: %s", what)
		}
	}
}

// sent is what a script says on standard output.
type sent struct {
	Expect Totals
	Shown  struct {
		Totals map[string]int64
		Pages  []string
	}
}

// script runs one of the Node scripts that play a client.
func script(t *testing.T, name string, env ...string) sent {
	t.Helper()
	var s sent
	run(t, &s, name, env...)
	return s
}

// run runs a Node script and decodes what it says in the end.
func run(t *testing.T, into any, name string, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, "node", name)
	cmd.Dir, cmd.Stdout, cmd.Stderr = scripts, &out, &errs
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out.Bytes(), errs.Bytes())
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out.Bytes())
	}
}

func TestRealClients(t *testing.T) {
	needTools(t)
	bin, data := build(t), t.TempDir()
	node := addSite(t, bin, data, "From a server", "example.org")
	classic := addSite(t, bin, data, "Classic snippet", "127.0.0.1")
	oneLine := addSite(t, bin, data, "One line", "127.0.0.1")
	c := start(t, bin, data)

	check := func(t *testing.T, s site, want Totals, pages ...string) {
		t.Helper()
		if want.Hits == 0 {
			t.Fatal("the script expects nothing")
		}
		if diff := cmp.Diff(want, c.settled(t, s.ID, want)); diff != "" {
			t.Errorf("totals (-want +got):\n%s", diff)
		}
		got := c.labels(t, s.ID, "pages")
		slices.Sort(got)
		if diff := cmp.Diff(pages, got); diff != "" {
			t.Errorf("pages (-want +got):\n%s", diff)
		}
	}

	t.Run("npm matomo-tracker", func(t *testing.T) {
		s := script(t, "sdk-node.mjs", "TRACKING_URL="+c.Tracking, "SITE_ID="+node.ID, "GOAL_ID="+node.Goal)
		check(t, node, s.Expect, "/", "/about", "/contact", "/shop")
	})

	const user, password = "admin@example.org", "a password for tests only"
	dashboard := []string{"DASHBOARD_URL=" + c.Dashboard, "DASHBOARD_USER=" + user, "DASHBOARD_PASSWORD=" + password}
	visit := func(t *testing.T, s site, snippet func(string, foule.SiteID) string, env ...string) {
		t.Helper()
		id, err := strconv.Atoi(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, "TRACKING_URL="+c.Tracking, "SITE_ID="+s.ID, "GOAL_ID="+s.Goal, "SNIPPET="+snippet(c.Tracking, foule.SiteID(id)))
		seen := script(t, "snippet.mjs", append(env, dashboard...)...)
		check(t, s, seen.Expect, "/", "/about", "/contact")
		for metric, want := range map[string]int64{"visitors": seen.Expect.Visitors, "visits": seen.Expect.Visits, "hits": seen.Expect.Hits} {
			if got := seen.Shown.Totals[metric]; got != want {
				t.Errorf("the dashboard shows %d %s, want %d", got, metric, want)
			}
		}
		slices.Sort(seen.Shown.Pages)
		if diff := cmp.Diff([]string{"/", "/about", "/contact"}, seen.Shown.Pages); diff != "" {
			t.Errorf("pages on the dashboard (-want +got):\n%s", diff)
		}
	}
	t.Run("classic snippet and first log-in", func(t *testing.T) { visit(t, classic, tracker.Snippet, "SETUP_URL="+c.Setup) })
	t.Run("one-line snippet", func(t *testing.T) { visit(t, oneLine, tracker.OneLine) })
	t.Run("nothing of a person on the disk", func(t *testing.T) { searchFiles(t, data, personal) })
	t.Run("dashboard is accessible", func(t *testing.T) {
		script(t, "screens.mjs", append(dashboard, "SITE_ID="+classic.ID, "SCREENS_DIR="+t.TempDir())...)
	})
}

// personal is what the clients sent of persons: user ids, visitor ids, agents,
// full referrers and query strings.
var personal = []string{
	"jane@example.org", "0123456789abcdef", "OneOfTwo", "TwoOfTwo", "Mozilla/5.0", "secret=1", "127.0.0.1:",
}

// searchFiles fails for each file below dir that holds one of the words.
func searchFiles(t *testing.T, dir string, words []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a journal segment that was no longer needed
		}
		if err != nil {
			return err
		}
		files++
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%s holds %q", filepath.Base(path), word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatal("there are no files to search")
	}
}
