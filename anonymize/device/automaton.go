package device

// An automaton finds every rule of every table in one pass over a user agent
// (Aho–Corasick, as a dense table): the time taken grows with the agent's
// length, not with the number of rules. It is immutable once built.
type automaton struct {
	fold  [256]uint8 // byte → column of next; letters of either case share one, bytes in no rule are 0
	next  []uint16   // state*columns + column → state
	first []uint16   // state → its ends in ends[first[s]:first[s+1]]
	ends  []ending
}

// columns is the width of a state's row. A power of two, so that a row is found by a shift.
const columns = 64

// ending is a rule whose text ends in a state.
type ending struct {
	table              tableID
	rule               uint16
	length             uint16
	atStart            bool // only at the start of the agent
	wordStart, wordEnd bool // only where a letter or digit does not go on
}

// match is the best rule of a table: the first in its file.
type match struct {
	rule uint16 // index + 1; 0 is none
	end  int    // offset behind the rule's text
}

// matches holds the best rule of each table.
type matches [numTables]match

// scan finds the best rule of each table in s. A rule that occurs more than
// once keeps its first place.
func (a *automaton) scan(s string) (found matches) {
	state := 0
	for i := 0; i < len(s); i++ {
		state = int(a.next[state*columns+int(a.fold[s[i]])])
		from, to := a.first[state], a.first[state+1]
		for _, e := range a.ends[from:to] {
			best := &found[e.table]
			if best.rule != 0 && best.rule <= e.rule+1 {
				continue
			}
			if e.fits(s, i+1) {
				*best = match{rule: e.rule + 1, end: i + 1}
			}
		}
	}
	return found
}

// fits says whether the ending's conditions hold with its text ending before end.
func (e *ending) fits(s string, end int) bool {
	start := end - int(e.length)
	switch {
	case e.atStart && start != 0:
		return false
	case e.wordStart && start > 0 && isWord(s[start-1]):
		return false
	case e.wordEnd && end < len(s) && isWord(s[end]):
		return false
	}
	return true
}

func isWord(c byte) bool { return isLetter(c) || isDigit(c) }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// trie is an automaton under construction.
type trie struct {
	automaton
	used  uint8      // columns given away
	nodes [][]ending // endings of each state
}

func newTrie() *trie {
	t := &trie{nodes: make([][]ending, 1)}
	t.next = make([]uint16, columns)
	return t
}

// add enters a rule's text. It panics when the tables have outgrown the
// automaton: they are part of the program, so no input can do that.
func (t *trie) add(text string, e ending) {
	e.length = uint16(len(text))
	state := 0
	for i := 0; i < len(text); i++ {
		at := state*columns + int(t.column(text[i]))
		if t.next[at] == 0 {
			if len(t.nodes) == 1<<16 {
				panic("device: too many rules for the automaton")
			}
			t.next[at] = uint16(len(t.nodes))
			t.nodes = append(t.nodes, nil)
			t.next = append(t.next, make([]uint16, columns)...)
		}
		state = int(t.next[at])
	}
	t.nodes[state] = append(t.nodes[state], e)
}

func (t *trie) column(c byte) uint8 {
	c = lower(c)
	if t.fold[c] == 0 {
		t.used++
		if t.used == columns {
			panic("device: too many different bytes in the rules")
		}
		t.fold[c] = t.used
		if c >= 'a' && c <= 'z' {
			t.fold[c-'a'+'A'] = t.used
		}
	}
	return t.fold[c]
}

// build completes the automaton: where the trie has no way on, the state goes
// where its longest proper suffix would go, and inherits that suffix's endings.
func (t *trie) build() *automaton {
	suffix := make([]uint16, len(t.nodes))
	queue := []uint16{0}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		row := t.next[int(state)*columns:][:columns]
		back := t.next[int(suffix[state])*columns:][:columns]
		for c, to := range row {
			switch {
			case to == 0 && state != 0:
				row[c] = back[c]
			case to != 0:
				if state != 0 {
					suffix[to] = back[c]
				}
				t.nodes[to] = append(t.nodes[to], t.nodes[suffix[to]]...)
				queue = append(queue, to)
			}
		}
	}
	t.first = make([]uint16, 1, len(t.nodes)+1)
	for _, endings := range t.nodes {
		t.ends = append(t.ends, endings...)
		t.first = append(t.first, uint16(len(t.ends)))
	}
	return &t.automaton
}
