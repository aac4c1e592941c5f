package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kept is what became of a site's hits.
type kept struct {
	Hits     int64
	Excluded map[string]int64 // by reason
}

// kept asks the JSON API what was counted and what was left out.
func (c *collector) kept(t *testing.T, site string) kept {
	t.Helper()
	var out struct {
		Rows []struct {
			Label string
			Hits  int64
		}
	}
	c.report(t, site, "excluded", &out)
	k := kept{Hits: c.totals(t, site).Hits, Excluded: map[string]int64{}}
	for _, row := range out.Rows {
		k.Excluded[row.Label] = row.Hits
	}
	return k
}

// keptAs waits until a site has counted and left out what it should, and says
// what differs in the end.
func (c *collector) keptAs(t *testing.T, site string, want kept) {
	t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience / 4)
	for {
		diff := cmp.Diff(want, c.kept(t, site))
		if diff == "" {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Errorf("site %s (-want +got):\n%s", site, diff)
			return
		}
	}
}

// addOpenSite makes a site that counts any host.
func addOpenSite(t *testing.T, bin, data, name string) string {
	t.Helper()
	var made struct{ ID int }
	command(t, &made, bin, "site", "add", name, "--timezone", "UTC", "--json", "--data", data)
	return strconv.Itoa(made.ID)
}

const optOutSites = 13 // that optout.mjs uses

// TestOptOut: who says no is not counted, in each of the ways there are to say
// it; and what was left out is counted by reason.
func TestOptOut(t *testing.T) {
	needTools(t)
	bin, data := build(t), t.TempDir()
	var ids []string
	for range optOutSites {
		ids = append(ids, addOpenSite(t, bin, data, "Opt-out"))
	}
	c := start(t, bin, data)
	var out struct{ Sites map[string]kept }
	run(t, &out, "optout.mjs", "TRACKING_URL="+c.Tracking, "DASHBOARD_URL="+c.Dashboard, "SETUP_URL="+c.Setup, "SITE_IDS="+strings.Join(ids, ","))
	for _, id := range ids {
		want, ok := out.Sites[id]
		if !ok {
			t.Fatalf("the script expects nothing of site %s", id)
		}
		c.keptAs(t, id, want)
	}
}
