package config

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"foule.eu/foule/internal/golden"
)

// TestDoc compares docs/configuration.md with the table.
func TestDoc(t *testing.T) {
	golden.Compare(t, filepath.Join("..", "..", "docs", "configuration.md"), document())
}

func document() string {
	var b strings.Builder
	b.WriteString(`# Configuration

<!-- Written from internal/config/settings.go by "go test ./internal/config -update". -->

Every setting has one name. It can stand in a TOML file (given by ` + "`--config FILE` or `FOULE_CONFIG`" + `), in the
environment, or in a flag; later ones win in this order. A list is a TOML array, or words parted by commas.
` + "`collector check`" + ` says what is in force, and everything that is wrong with it at once.

Sites, goals, users and tokens are not set here: they live in the store and are managed in the dashboard or by command.

` + "```toml\n" + `# foule.toml
listen = "127.0.0.1:8080"
trusted-proxies = ["10.0.0.0/8", "192.0.2.7"]
flush-interval = "2s"
` + "```\n\n")
	b.WriteString("| setting, flag | environment | default | meaning |\n|---|---|---|---|\n")
	for i := range Settings {
		s := &Settings[i]
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", s.Name, s.Env(), code(s.Default), s.Help)
	}
	b.WriteString("\n## What it means for privacy\n\n| setting | meaning |\n|---|---|\n")
	for _, s := range Settings {
		if s.Privacy != "" {
			fmt.Fprintf(&b, "| `%s` | %s |\n", s.Name, s.Privacy)
		}
	}
	b.WriteString("\n## En français\n\n| réglage | défaut | sens |\n|---|---|---|\n")
	for _, s := range Settings {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, code(s.Default), s.HelpFR)
	}
	return b.String()
}

func code(v string) string {
	if v == "" {
		return ""
	}
	return "`" + v + "`"
}

// TestTable: what a row of the table has to have.
func TestTable(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, s := range Settings {
		if !name.MatchString(s.Name) || seen[s.Name] || s.Name == "config" {
			t.Errorf("%q is no name, or taken", s.Name)
		}
		seen[s.Name] = true
		if want := "FOULE_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_")); s.Env() != want {
			t.Errorf("%s: environment %s, want %s", s.Name, s.Env(), want)
		}
		for language, help := range map[string]string{"English": s.Help, "French": s.HelpFR} {
			if !strings.HasSuffix(help, ".") || strings.ContainsAny(help, "|\n") {
				t.Errorf("%s: the help in %s is no sentence fit for a table: %q", s.Name, language, help)
			}
		}
	}
}
