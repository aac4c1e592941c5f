package clickhouse

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/golden"
	"foule.eu/foule/storage"
)

// TestMain gives the property test fewer rounds than usual: each of its
// questions goes to a server, which takes a tenth of a second if it shares two
// cores with everything else.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	flag.Parse() // -rapid.checks=N on the command line comes after, and counts
	os.Exit(m.Run())
}

// The SQL of every question, and of a chunk. Nothing of a value is in it.
func TestQueries(t *testing.T) {
	label := "LABEL"
	days := func(q storage.TableQuery) storage.TableQuery {
		if q.To == 0 {
			q.From, q.To = april1, april1+8
		}
		q.Dim, q.Sort = foule.DimSearch, foule.Visits
		return q
	}
	table := func(q storage.TableQuery) any {
		q = days(q)
		fill, _ := tableQuery(q)
		fill.ordered(q)
		return fill
	}
	sum := func(q storage.TableQuery) any {
		fill, _ := tableQuery(days(q))
		fill.By = ""
		return fill
	}
	series := func(to foule.Day) any {
		fill, _ := counters(7, foule.DimSearch, april1, to, nil)
		fill.By = "label, bucket"
		fill.among([]string{"LABEL", "OTHER"}, values{})
		return fill
	}
	insert := func(name string, columns *tableColumns) any {
		return struct {
			Table   string
			Columns any
		}{name, chunk{table: columns}.columns()}
	}
	for _, c := range []struct {
		golden, query string
		fill          any
	}{
		{"table", "table", table(storage.TableQuery{Limit: 10})},
		{"labels", "labels", table(storage.TableQuery{})},
		{"labels_months", "labels", table(storage.TableQuery{From: april1, To: april1 + 154, SortLabel: true})},
		{"table_search", "table", table(storage.TableQuery{Search: "SEARCH", HideEmpty: true, SortLabel: true, Ascending: true, Limit: 10, Offset: 20})},
		{"table_months", "table", table(storage.TableQuery{From: april1, To: april1 + 154, Limit: 10})},
		{"table_month", "table", table(storage.TableQuery{From: april1, To: april1 + 29, Ascending: true, Limit: 10})},
		{"sum_label", "sum", sum(storage.TableQuery{Label: &label, Filter: &storage.Filter{Dim: foule.DimCountry, Label: "FILTER"}})},
		{"sum_months", "sum", sum(storage.TableQuery{From: april1 - 3, To: april1 + 121})},
		{"series_day", "series_day", series(april1)},
		{"series_month", "series_month", series(april1 + 140)},
		{"series_hour", "series_hour", countersFill{Metrics: metricsUnder(foule.DimTotal, nil), Labels: []string{"label_0"}}},
		{"minutes", "minutes", nil},
		{"data_range", "data_range", nil},
		{"data_range_edges", "data_range_days", struct{ Edges bool }{true}},
		{"data_range_days", "data_range_days", struct{ Edges bool }{false}},
		{"parts", "parts", nil},
		{"part_days", "part_days", nil},
		{"part_hours", "part_hours", nil},
		{"erase_rows_day", "erase_rows", takenTables(dialect{})[2].fill(which{where: "WHERE"}, "PIECE")},
		{"erase_rows_minute", "erase_rows", takenTables(dialect{})[0].fill(which{where: "WHERE"}, "PIECE")},
		{"erase_pieces", "erase_pieces", takenTables(dialect{})[1].fill(which{where: "WHERE"}, "PIECE")},
		{"find_labels", "find_labels", struct{ Label, ByLabel string }{"LABEL", "BY LABEL"}},
		{"hashed_labels", "hashed_labels", []string{"HASH", "HASH"}},
		{"insert_minute", "insert", insert("stats_minute", &minuteColumns)},
		{"insert_hour", "insert", insert("stats_hour", &hourColumns)},
		{"insert_day", "insert", insert("stats_day", &dayColumns)},
		{"insert_month", "insert", insert("stats_month", &monthColumns)},
	} {
		text, err := compose(c.query, c.fill)
		if err != nil {
			t.Fatal(err)
		}
		golden.Compare(t, filepath.Join("testdata", c.golden+".golden.sql"), text+"\n")
	}
}

// Where the server knows no parameters, names take their place; the driver
// replaces them by quoted literals.
func TestOldParameters(t *testing.T) {
	text, args := values{"site": uint32(7), "label": "'; drop table x"}.bind(
		"where site = {site:UInt32} and label = {label:String} and hash = {hash:FixedString(32)}", &server{modern: false})
	if want := "where site = @site and label = @label and hash = @hash"; text != want || len(args) != 2 {
		t.Errorf("%q with %d values, want %q", text, len(args), want)
	}
}

// The migrations as each kind of server gets them.
func TestMigrationsSQL(t *testing.T) {
	for name, d := range map[string]dialect{
		"migrate_server":      {Database: "foule", keepMonths: 25, modern: true},
		"migrate_cluster":     {Cluster: "crowd", Database: "foule", keepMonths: 25, modern: true},
		"migrate_old_server":  {Database: "foule", keepMonths: 25},
		"migrate_old_cluster": {Cluster: "crowd", Database: "foule", keepMonths: 25},
	} {
		d.Filled = []uint32{202603, 202604}
		steps, err := readSteps(d)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, step := range steps {
			fmt.Fprintf(&text, "-- %s\n\n", step.Name)
			for _, statement := range step.SQL {
				fmt.Fprintf(&text, "%s;\n\n", statement)
			}
		}
		golden.Compare(t, filepath.Join("testdata", name+".golden.sql"), text.String())
	}
}
