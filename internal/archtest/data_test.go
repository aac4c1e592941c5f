package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"foule.eu/foule/privacy/document"
)

// sqliteTable finds the tables that the embedded store's migrations make.
var sqliteTable = regexp.MustCompile(`(?s)create table (\w+) \((.*?)\n\) strict`)

var columnName = regexp.MustCompile(`(?m)^    (\w+)\s`)

// TestDataDictionary: docs/data.md names every column that the embedded store
// has, docs/clickhouse.md every one of ClickHouse's.
func TestDataDictionary(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		namesEveryColumn(t, "data.md", "sqlite", sqliteTable)
	})
	t.Run("clickhouse", func(t *testing.T) {
		namesEveryColumn(t, "clickhouse.md", "clickhouse", regexp.MustCompile(`(?s)create table if not exists (?:{{.Local ")?(\w+)[^(\n]* \((.*?)\n\)\n`))
	})
}

// TestSchemaInWords: the data dictionary that the program writes names every
// table and column that the embedded store has, and no other.
func TestSchemaInWords(t *testing.T) {
	said := map[string]bool{}
	for _, c := range document.Schema {
		for _, name := range c.Names {
			said[c.Table+"."+name] = true
		}
		if c.What.EN == "" || c.What.FR == "" {
			t.Errorf("%s %v has no words", c.Table, c.Names)
		}
	}
	columns := columnsOf(t, "sqlite", sqliteTable)
	for _, name := range columns {
		if !said[name] {
			t.Errorf("privacy/document/schema.go does not name %s", name)
		}
		delete(said, name)
	}
	for name := range said {
		t.Errorf("privacy/document/schema.go names %s, which is not there", name)
	}
}

// namesEveryColumn looks a page for the columns that an engine's migrations
// make; createTable finds a table's name and its columns.
func namesEveryColumn(t *testing.T, page, engine string, createTable *regexp.Regexp) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range columnsOf(t, engine, createTable) {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/%s does not name %s", page, name)
		}
	}
}

// columnsOf lists the columns that an engine's migrations make, as table.column.
func columnsOf(t *testing.T, engine string, createTable *regexp.Regexp) (columns []string) {
	t.Helper()
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
				columns = append(columns, m[1]+"."+c[1])
			}
		}
	}
	if tables < 10 {
		t.Errorf("found %d tables only: is the pattern right?", tables)
	}
	return columns
}
