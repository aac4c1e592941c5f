package clickhouse

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// made is a table as the migrations make it.
type made struct {
	engine  string            // its name alone
	columns map[string]string // types by name, as the server writes them
	window  string            // the setting of how many inserts are known again; "" without
}

// The migrations are written so that these find what they say.
var (
	createTable  = regexp.MustCompile(`^create table if not exists (\w+)(?: on cluster '[^']*')?( as (?:\w+\.)?(\w+)| \()`)
	columnOfLine = regexp.MustCompile(`^    (\w+) +(.+?)(?: codec\(.*| comment '.*| default .*)?,?$`)
	engineOfLine = regexp.MustCompile(`^engine = (\w+)`)
	windowOfText = regexp.MustCompile(`(?:non_)?replicated_deduplication_window = \d+`)
)

// madeBy reads the tables out of the migrations' statements.
func madeBy(steps []Step) (map[string]made, error) {
	tables := map[string]made{}
	for _, step := range steps {
		for _, statement := range step.SQL {
			if strings.HasPrefix(statement, "insert into ") {
				continue
			}
			create := createTable.FindStringSubmatch(statement)
			if create == nil {
				return nil, fmt.Errorf("migration %s: a statement that creates no table: teach madeBy what it does", step.Name)
			}
			t := made{columns: map[string]string{}, window: windowOfText.FindString(statement)}
			if like, ok := tables[create[3]]; ok {
				t.columns = like.columns
			}
			for line := range strings.SplitSeq(statement, "\n") {
				if column := columnOfLine.FindStringSubmatch(line); column != nil {
					t.columns[column[1]] = column[2]
				}
				if engine := engineOfLine.FindStringSubmatch(line); engine != nil {
					t.engine = engine[1]
				}
			}
			tables[create[1]] = t
		}
	}
	return tables, nil
}

// difference says in what a table of the server is not as it was made; "" if it is.
func (m made) difference(engine string, columns map[string]string) string {
	if name, _, _ := strings.Cut(engine, "("); strings.Fields(name + " ")[0] != m.engine {
		return fmt.Sprintf("its engine is %s, not %s", strings.Fields(name + " ")[0], m.engine)
	}
	for _, name := range slices.Sorted(maps.Keys(m.columns)) {
		switch is, want := columns[name], m.columns[name]; {
		case is == "":
			return fmt.Sprintf("it has no column %s", name)
		case is != want:
			return fmt.Sprintf("its column %s is %s, not %s", name, is, want)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if m.columns[name] == "" {
			return fmt.Sprintf("it has a column %s", name)
		}
	}
	if m.window != "" && !strings.Contains(engine, m.window) {
		return fmt.Sprintf("it lacks the setting %s", m.window)
	}
	return ""
}

// number names a column that holds a number.
func (m made) number() string {
	for _, name := range slices.Sorted(maps.Keys(m.columns)) {
		if strings.HasPrefix(m.columns[name], "UInt") || strings.HasPrefix(m.columns[name], "Int") {
			return name
		}
	}
	return ""
}
