package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	createTable = regexp.MustCompile(`(?s)create table (\w+) \((.*?)\n\) strict`)
	columnName  = regexp.MustCompile(`(?m)^    (\w+)\s`)
)

// TestDataDictionary: docs/data.md names every column that the embedded store has.
func TestDataDictionary(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "data.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "storage", "sqlite", "sql", "migrate", "*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	tables := 0
	for _, path := range files {
		sql, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range createTable.FindAllStringSubmatch(string(sql), -1) {
			tables++
			for _, c := range columnName.FindAllStringSubmatch(m[2], -1) {
				if c[1] == "primary" || c[1] == "unique" {
					continue
				}
				if name := m[1] + "." + c[1]; !strings.Contains(string(doc), "`"+name+"`") {
					t.Errorf("docs/data.md does not name %s", name)
				}
			}
		}
	}
	if tables < 10 {
		t.Errorf("found %d tables only: is the pattern right?", tables)
	}
}
