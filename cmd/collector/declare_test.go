package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage/sqlite"
)

// TestDeclare: custom dimensions, funnels and the spam list that commands make
// are in the settings, and what makes no sense is refused.
func TestDeclare(t *testing.T) {
	data := t.TempDir()
	list := filepath.Join(data, "hosts")
	if err := os.WriteFile(list, []byte("b.example\na.example # again\nb.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		args   []string
		status int
		out    string
		errs   string
	}{
		{"a site", []string{"site", "add", "Shop", "--domain", "shop.example"}, statusDone, "1", ""},
		{"a goal", []string{"goal", "add", "Paid", "--site", "1", "--match", "manually"}, statusDone, "1", ""},
		{"a dimension", []string{"dimension", "add", "Plan", "--site", "1", "--scope", "visit"}, statusDone, "1", ""},
		{"one under a number", []string{"dimension", "add", "Section", "--site", "1", "--scope", "action", "--id", "5"}, statusDone, "5", ""},
		{"a number twice", []string{"dimension", "add", "Again", "--site", "1", "--id", "5"}, statusFailed, "", "already"},
		{"of nothing", []string{"dimension", "add", "X", "--site", "1", "--scope", "page"}, statusFailed, "", "visit or of an action"},
		{"no site", []string{"dimension", "add", "X", "--site", "9"}, statusFailed, "", "site 9"},
		{"off", []string{"dimension", "off", "--site", "1", "--id", "5"}, statusDone, "", ""},
		{"off, what is not there", []string{"dimension", "off", "--site", "1", "--id", "6"}, statusFailed, "", "no custom dimension 6"},
		{"listed", []string{"dimension", "list", "--site", "1"}, statusDone, "5\tSection\taction\toff", ""},
		{"dimension, and no more", []string{"dimension"}, statusFailed, "", "site 0"},
		{"a funnel", []string{"funnel", "add", "Buy", "--site", "1", "--step", "Cart=url:contains:/cart,a", "--step", "Paid=goal:1"}, statusDone, "1", ""},
		{"one step", []string{"funnel", "add", "Short", "--site", "1", "--step", "Paid=goal:1"}, statusFailed, "", "from 2 to"},
		{"no such goal", []string{"funnel", "add", "X", "--site", "1", "--step", "A=goal:1", "--step", "B=goal:7"}, statusFailed, "", "no goal 7"},
		{"a step that is none", []string{"funnel", "add", "X", "--site", "1", "--step", "/cart"}, statusWrongUse, "", "ATTRIBUTE"},
		{"a step without a pattern", []string{"funnel", "add", "X", "--site", "1", "--step", "A=url:/cart"}, statusWrongUse, "", "pattern"},
		{"funnels", []string{"funnel", "list", "--site", "1"}, statusDone, "Buy\t2 steps\tcounted", ""},
		{"a spam list", []string{"spam", "update", list}, statusDone, "2 hosts", ""},
		{"no spam list", []string{"spam", "update"}, statusWrongUse, "", "spam update"},
		{"an empty one", []string{"spam", "update", os.DevNull}, statusFailed, "", "no host"},
		{"a log without site", []string{"import-log", list}, statusWrongUse, "", "--site"},
		{"a log without token", []string{"import-log", list, "--site", "1", "--url", "https://shop.example"}, statusWrongUse, "", "token"},
		{"a log of no form", []string{"import-log", list, "--site", "1", "--url", "https://shop.example", "--format", "iis"}, statusWrongUse, "", "--format"},
	} {
		status, out, errs := call(append(row.args, "--data", data)...)
		if status != row.status || !strings.Contains(out, row.out) || !strings.Contains(errs, row.errs) {
			t.Errorf("%s: status %d, want %d\nout: %.300s\nerr: %.300s", row.name, status, row.status, out, errs)
		}
	}
	if b, err := os.ReadFile(filepath.Join(data, spamListName)); err != nil || string(b) != "a.example\nb.example\n" {
		t.Errorf("the spam list is %q, %v", b, err)
	}
	store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	site, err := store.Site(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(site.Dimensions) != 2 || !site.Dimensions[1].Off || len(site.Funnels) != 1 || site.Funnels[0].Steps[0].Pattern != "/cart,a" || site.Funnels[0].Steps[1] != (foule.FunnelStep{Name: "Paid", Goal: 1}) {
		t.Errorf("%+v, %+v", site.Dimensions, site.Funnels)
	}
}
