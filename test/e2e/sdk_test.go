package e2e

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// row is a row of a report: its label, and columns by name.
type row map[string]any

// expected is what a client says should be counted on a site: the totals, and
// by report the rows, with those columns that matter to the client.
type expected struct {
	Client, Site string
	Expect       Totals
	Reports      map[string][]row
}

// rows asks the JSON API for a report, and gives of its rows the columns that
// the rows of want have, by label.
func (c *collector) rows(t *testing.T, site, report string, want []row) []row {
	t.Helper()
	var answer struct{ Rows []row }
	c.report(t, site, report, &answer)
	got := []row{}
	for _, full := range answer.Rows {
		kept := row{"label": full["label"]}
		for _, w := range want {
			for column := range w {
				kept[column] = full[column]
			}
		}
		got = append(got, kept)
	}
	slices.SortFunc(got, func(a, b row) int { return cmp.Compare(a["label"].(string), b["label"].(string)) })
	return got
}

// counted compares what a client expects with what the JSON API tells.
func (c *collector) counted(t *testing.T, want expected) {
	t.Helper()
	if want.Expect.Hits == 0 || len(want.Reports) == 0 {
		t.Fatal("the script expects nothing")
	}
	if diff := gocmp.Diff(want.Expect, c.settled(t, want.Site, want.Expect)); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	for report, rows := range want.Reports {
		if diff := gocmp.Diff(rows, c.rows(t, want.Site, report, rows)); diff != "" {
			t.Errorf("report %s (-want +got):\n%s", report, diff)
		}
	}
}

// TestSDKs runs the packages by which applications talk to Matomo, unmodified,
// and reads from the JSON API what was counted of each.
func TestSDKs(t *testing.T) {
	needTools(t)
	clients := []struct {
		name, script, host string
		env                []string
	}{
		{"npm matomo-tracker-react-native", "sdk-native.mjs", "example.org", nil},
		{"npm piwik", "sdk-piwik.mjs", "example.org", nil},
		{"npm @jonkoops/matomo-tracker", "sdk-browser.mjs", "127.0.0.1", nil},
		{"npm @datapunt/matomo-tracker-js", "sdk-browser.mjs", "127.0.0.1", []string{"PACKAGE=@datapunt/matomo-tracker-js"}},
	}
	const apps = 4 // that sdk-apps.mjs goes through
	bin, data := build(t), t.TempDir()
	var sites []site
	for _, client := range clients {
		sites = append(sites, addSite(t, bin, data, client.name, client.host))
	}
	var appIDs, appGoals []string
	for range apps {
		s := addSite(t, bin, data, "Application", "127.0.0.1")
		appIDs, appGoals = append(appIDs, s.ID), append(appGoals, s.Goal)
	}
	c := start(t, bin, data)

	for i, client := range clients {
		t.Run(client.name, func(t *testing.T) {
			want := expected{Site: sites[i].ID}
			run(t, &want, client.script, append(client.env, "TRACKING_URL="+c.Tracking, "SITE_ID="+sites[i].ID, "GOAL_ID="+sites[i].Goal)...)
			c.counted(t, want)
		})
	}
	t.Run("applications", func(t *testing.T) {
		var out struct{ Results []expected }
		run(t, &out, "sdk-apps.mjs", "TRACKING_URL="+c.Tracking, "SITE_IDS="+strings.Join(appIDs, ","), "GOAL_IDS="+strings.Join(appGoals, ","))
		if len(out.Results) != apps {
			t.Fatalf("the script has %d results, want %d", len(out.Results), apps)
		}
		for _, want := range out.Results {
			t.Run("npm "+want.Client, func(t *testing.T) { c.counted(t, want) })
		}
	})
	t.Run("nothing of a person on the disk", func(t *testing.T) { searchFiles(t, data, personal) })
}
