package device

import (
	"embed"
	"strings"
	"sync"
)

// The tables are text so that they can be read and mended without knowing Go.
// A rule is a text sought anywhere in the user agent, in either case;
// a leading "^" ties it to the agent's start, a leading "<" to a place where no
// letter or digit precedes, a trailing ">" to one where none follows.
//
//go:embed rules/*.txt
var files embed.FS

type tableID uint8

const (
	botTable tableID = iota
	browserTable
	systemTable
	deviceTable
	numTables
)

type bot struct{ name, kind string }

type browser struct{ name, version, mobile string }

type system struct{ name, version string }

type deviceKind struct{ typ, brand string }

// tables is everything the package knows, ready for use.
type tables struct {
	*automaton
	bots     []bot
	browsers []browser
	systems  []system
	devices  []deviceKind
	models   *models
}

// known is read once per process: the automaton takes a megabyte and all parsers share it.
var known = sync.OnceValue(func() *tables {
	t, trie := &tables{models: new(models)}, newTrie()
	section := ""
	rows("bots", func(c [4]string) {
		if strings.HasPrefix(c[0], "[") {
			section = strings.Trim(c[0], "[]")
			return
		}
		addRule(trie, botTable, len(t.bots), c[0])
		t.bots = append(t.bots, bot{c[1], section})
	})
	rows("browsers", func(c [4]string) {
		addRule(trie, browserTable, len(t.browsers), c[0])
		t.browsers = append(t.browsers, browser{c[1], c[2], c[3]})
	})
	rows("systems", func(c [4]string) {
		addRule(trie, systemTable, len(t.systems), c[0])
		t.systems = append(t.systems, system{c[1], c[2]})
	})
	rows("devices", func(c [4]string) {
		addRule(trie, deviceTable, len(t.devices), c[0])
		t.devices = append(t.devices, deviceKind{c[1], c[2]})
	})
	rows("models", func(c [4]string) { t.models.add(c[0], deviceKind{typ: c[2], brand: c[1]}) })
	t.automaton = trie.build()
	return t
})

// rows gives each line of a table, split at tabs. Missing columns are empty, but
// a missing name is the rule's own text.
func rows(table string, row func([4]string)) {
	text, err := files.ReadFile("rules/" + table + ".txt")
	if err != nil {
		panic("device: " + err.Error()) // embedded: cannot be missing in a program that was built
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		var columns [4]string
		copy(columns[:], strings.Split(line, "\t"))
		if columns[1] == "" {
			columns[1] = strings.Trim(columns[0], "^<>/ ")
		}
		row(columns)
	}
}

func addRule(t *trie, table tableID, index int, text string) {
	e := ending{table: table, rule: uint16(index)}
	text, e.atStart = strings.CutPrefix(text, "^")
	text, e.wordStart = strings.CutPrefix(text, "<")
	text, e.wordEnd = strings.CutSuffix(text, ">")
	t.add(text, e)
}
