package clickhouse

import (
	"context"
	"embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"foule.eu/foule"
	driver "github.com/ClickHouse/clickhouse-go/v2"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

//go:embed sql/query/*.sql
var queryFiles embed.FS

// queries holds every file of sql/query. What is filled in are names of the
// catalogue and clauses that a question has or has not; values are bound.
var queries = template.Must(template.New("").Funcs(template.FuncMap{
	"metrics": metricList,
	"all":     func() []foule.Metric { return allMetrics },
}).ParseFS(queryFiles, "sql/query/*.sql"))

var allMetrics = func() (all []foule.Metric) {
	for m := range foule.Metric(foule.NumMetrics) {
		all = append(all, m)
	}
	return all
}()

// metricList writes a form for each of the metrics, {m} in it standing for the
// metric's name, with what separates them.
func metricList(metrics []foule.Metric, form, separator string) string {
	parts := make([]string, len(metrics))
	for i, m := range metrics {
		parts[i] = strings.ReplaceAll(form, "{m}", m.String())
	}
	return strings.Join(parts, separator)
}

// compose gives the SQL of a query file.
func compose(name string, fill any) (string, error) {
	var text strings.Builder
	if err := queries.ExecuteTemplate(&text, name+".sql", fill); err != nil {
		return "", err
	}
	return strings.TrimSpace(text.String()), nil
}

// values are bound to the parameters of a query, which are written {name:Type}.
type values map[string]any

// parameter is a query parameter as servers since 19.14 know it.
var parameter = regexp.MustCompile(`\{(\w+):\w+(?:\(\w+\))?\}`)

// bind gives a query and its values in the form that the server takes: query
// parameters where it knows them, else names that the driver replaces by
// quoted literals.
func (v values) bind(text string, srv *server) (string, []any) {
	args := make([]any, 0, len(v))
	for name, value := range v {
		args = append(args, driver.Named(name, value))
	}
	if !srv.modern {
		text = parameter.ReplaceAllString(text, "@$1")
	}
	return text, args
}

// readLimits bound a read, unless the user's settings profile has a limit of its
// own. A site of 100,000 visits a day has some 140 million rows a year, of which a
// question reads a small part.
var readLimits = driver.Settings{
	"max_execution_time": 30, // seconds
	"max_memory_usage":   4 << 30,
	"max_rows_to_read":   2_000_000_000,
}

// streamed are the queries whose rows are written elsewhere while more come: how
// long they take is not the server's doing.
var streamed = []string{"part_days", "part_hours", "erase_rows"}

// readSettings are sent along with a read.
func readSettings(srv *server, query string) driver.Settings {
	set := maps.Clone(readLimits)
	for _, name := range srv.limited {
		delete(set, name)
	}
	if slices.Contains(streamed, query) {
		set["max_execution_time"] = 0
	}
	if srv.knows[useStatistics] {
		set[useStatistics] = 0
	}
	set["readonly"] = 2 // no writing, whatever the user may do; 2 lets the limits through
	if srv.modern {
		set["cancel_http_readonly_queries_on_client_close"] = 1 // over HTTP it would go on for nobody
	}
	return set
}

// statement is a query file made ready for the server that answers.
func (s *Store) statement(ctx context.Context, name string, fill any, v values) (srv *server, text string, args []any, err error) {
	if srv, err = s.known(ctx); err != nil {
		return nil, "", nil, kind(err)
	}
	if text, err = compose(name, fill); err != nil {
		return nil, "", nil, err
	}
	text, args = v.bind(text, srv)
	return srv, text, args, nil
}

// rows runs the query of a file and gives each row to each.
func (s *Store) rows(ctx context.Context, name string, fill any, v values, each func(lib.Rows) error) error {
	srv, text, args, err := s.statement(ctx, name, fill, v)
	if err != nil {
		return err
	}
	rows, err := s.conn.Query(driver.Context(ctx, driver.WithSettings(readSettings(srv, name))), text, args...)
	if err != nil {
		return kind(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return kind(rows.Err())
}

// patience is how long a statement may take that alters or merges tables, or fills
// one from another.
const patience = 24 * time.Hour

// patient gives such a statement its time: without a deadline of the context, the
// driver's is the read timeout.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, patience)
}

// execSettings are sent along with every insert but those of Apply: equal rows
// are added as often as they are sent.
func execSettings(srv *server) driver.Settings {
	set := driver.Settings{
		"insert_deduplicate":           0,
		"distributed_ddl_task_timeout": int(patience / time.Second), // on cluster; else three minutes
	}
	if srv.modern {
		set["async_insert"] = 0
	}
	for _, name := range dedupSwitches {
		if srv.knows[name] {
			set[name] = "disable"
		}
	}
	return set
}

// exec runs the statement of a file.
func (s *Store) exec(ctx context.Context, name string, fill any, v values) error {
	srv, text, args, err := s.statement(ctx, name, fill, v)
	if err != nil {
		return err
	}
	if err := s.conn.Exec(driver.Context(ctx, driver.WithSettings(execSettings(srv))), text, args...); err != nil {
		return kind(fmt.Errorf("%s: %w", name, err))
	}
	return nil
}
