package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const pagesSites = 11 // that pages.mjs uses at most

// TestPages shows real pages of many kinds in a real browser, with each form of
// the script, and reads from the API what was counted.
func TestPages(t *testing.T) {
	needTools(t)
	forms := []string{"foule", "foule.bare", "foule.lite", "matomo", "paq"}
	bin, data := build(t), t.TempDir()
	ids := map[string][]string{}
	for _, form := range forms {
		for range pagesSites {
			ids[form] = append(ids[form], addOpenSite(t, bin, data, form))
		}
	}
	c := start(t, bin, data)
	for _, form := range forms {
		t.Run(form, func(t *testing.T) {
			var out struct {
				Expect []struct {
					Site, Name string
					Totals     Totals
					Pages      []string
				}
			}
			run(t, &out, "pages.mjs", "TRACKING_URL="+c.Tracking, "FORM="+form, "SITE_IDS="+strings.Join(ids[form], ","))
			if len(out.Expect) < pagesSites-1 {
				t.Fatalf("the script expects %d results only", len(out.Expect))
			}
			for _, want := range out.Expect {
				if diff := cmp.Diff(want.Totals, c.settled(t, want.Site, want.Totals)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", want.Name, diff)
				}
				got := c.labels(t, want.Site, "pages")
				slices.Sort(got)
				if diff := cmp.Diff(want.Pages, got); diff != "" {
					t.Errorf("%s: pages (-want +got):\n%s", want.Name, diff)
				}
			}
		})
	}
}

// TestInstallation: the code that the installation page shows works as it
// stands there, and the page says so.
func TestInstallation(t *testing.T) {
	needTools(t)
	bin, data := build(t), t.TempDir()
	id := addOpenSite(t, bin, data, "New")
	c := start(t, bin, data)
	var want kept
	run(t, &want, "install.mjs", "TRACKING_URL="+c.Tracking, "SITE_ID="+id, "DASHBOARD_URL="+c.Dashboard, "SETUP_URL="+c.Setup)
	c.keptAs(t, id, want)
}
