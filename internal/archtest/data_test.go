package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var columnName = regexp.MustCompile(`(?m)^    (\w+)\s`)

// TestDataDictionary: docs/data.md names every column that the embedded store
// has, docs/clickhouse.md every one of ClickHouse's.
func TestDataDictionary(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		namesEveryColumn(t, "data.md", "sqlite", regexp.MustCompile(`(?s)create table (\w+) \((.*?)\n\) strict`))
	})
	t.Run("clickhouse", func(t *testing.T) {
		namesEveryColumn(t, "clickhouse.md", "clickhouse", regexp.MustCompile(`(?s)create table if not exists (?:{{.Local ")?(\w+)[^(\n]* \((.*?)\n\)\n`))
	})
}

// namesEveryColumn looks a page for the columns that an engine's migrations
// make; createTable finds a table's name and its columns.
func namesEveryColumn(t *testing.T, page, engine string, createTable *regexp.Regexp) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "storage", engine, "sql", "migrate", "*.sql"))
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
					t.Errorf("docs/%s does not name %s", page, name)
				}
			}
		}
	}
	if tables < 10 {
		t.Errorf("found %d tables only: is the pattern right?", tables)
	}
}
