package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/internal/canary"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/internal/proof"
)

// described are the settings that decide what is kept, and the names of those
// that the instance has otherwise.
func described(operators, instances config.Config) (privacy []proof.Setting, changed []string) {
	theirs, its := config.Values(operators), config.Values(instances)
	for i, s := range config.Settings {
		if s.Privacy != "" {
			privacy = append(privacy, proof.Setting{Name: s.Name, Value: theirs[i]})
		}
		if theirs[i] != its[i] {
			changed = append(changed, s.Name)
		}
	}
	return privacy, changed
}

// evaluate says which labels are in the store.
func (t *trial) evaluate() {
	for _, m := range t.plan.List() {
		l := proof.Label{Name: m.Name, Site: m.Site, Found: t.stored[m.Text]}
		switch m.Class {
		case canary.Kept:
			t.report.Counted = append(t.report.Counted, l)
		case canary.Chosen:
			t.report.Chosen = append(t.report.Chosen, l)
		}
	}
	order := func(a, b proof.Finding) int {
		return strings.Compare(a.Kind+"\x00"+a.Name+"\x00"+a.Place+"\x00"+a.Where, b.Kind+"\x00"+b.Name+"\x00"+b.Place+"\x00"+b.Where)
	}
	slices.SortFunc(t.report.Findings, order)
	slices.SortFunc(t.report.Searched, func(a, b proof.Place) int { return strings.Compare(a.Name, b.Name) })
}

// blind says honestly where was not searched. left is how many ways to treat
// hits were not tried.
func (t *trial) blind(left int) {
	add := func(name string, how ...string) {
		t.report.NotSearched = append(t.report.NotSearched, proof.Blind{Name: name, How: how})
	}
	if left > 0 {
		add("sites")
	}
	if t.runtimeDir == "" {
		add("keys")
	}
	if !slices.ContainsFunc(t.plan.Probes, func(p canary.Probe) bool { return p.Peer != "" }) {
		add("peers")
	}
	if t.unread > 0 {
		add("pages")
	}
	if t.store.dump != nil {
		half := len(t.plan.Tag) / 2
		add("server",
			"grep -rac "+t.plan.Tag+" /var/log/clickhouse-server",
			fmt.Sprintf("select count() from system.query_log where query like concat('%%', '%s', '%s', '%%')", t.plan.Tag[:half], t.plan.Tag[half:]))
	}
	add("memory")
	add("blocks")
	add("proxy")
}

// settingsHash is of all settings, without passwords.
func settingsHash(c config.Config) string {
	h := sha256.New()
	for i, v := range config.Values(c) {
		fmt.Fprintf(h, "%s=%s\n", config.Settings[i].Name, v)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func sitesHash(sites []foule.Site) string {
	text, err := json.Marshal(sites)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
