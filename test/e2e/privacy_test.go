package e2e

import "testing"

// TestPrivacyPages: what an admin chooses, an auditor reads and a visitor is
// told agree, and the command says the same.
func TestPrivacyPages(t *testing.T) {
	needTools(t)
	bin, data := build(t), t.TempDir()
	shop := addSite(t, bin, data, "Shop", "127.0.0.1")
	c := start(t, bin, data)
	var seen, said struct{ Hash string }
	run(t, &seen, "privacy.mjs", "TRACKING_URL="+c.Tracking, "DASHBOARD_URL="+c.Dashboard, "SETUP_URL="+c.Setup, "SITE_ID="+shop.ID)
	command(t, &said, bin, "site", "privacy", shop.ID, "--json", "--data", data)
	if said.Hash == "" || said.Hash != seen.Hash {
		t.Errorf("the pages show %q, the command %q", seen.Hash, said.Hash)
	}
}
