package scrub

// Words that people write for "@" and ".", so that programs do not find the
// address.
var (
	atWords  = []string{"at", "arobase", "arobas"}
	dotWords = []string{"dot", "point", "punkt"}
	// of these only in brackets
	shortAtWords = []string{"a"}
)

// spelled finds an address whose "@" stands at i in brackets or as a word:
// john(at)example.org, john [at] example [dot] org, john at example dot org,
// john-at-example-dot-org. Without brackets a dot has to be spelled out too, or
// the name has to be none that a sentence would hold; so has it with a blank
// beside an "@".
func (v *view) spelled(i int) (start, end int) {
	size, sign := v.word(i, atWords), v.at(i) == '@'
	if sign {
		size = 1
	}
	if size == 0 {
		size = v.word(i, shortAtWords)
	}
	if size == 0 || !sign && v.wordChar(i-1) {
		return 0, 0
	}
	before, after, bracket := v.setApart(i, i+size)
	if size == 1 && !sign && !bracket {
		return 0, 0
	}
	joint := before == i && v.is(i-1, isJoint) && v.is(i+size, isJoint)
	if joint {
		before, after = i-1, i+size+1
	}
	if !joint && !sign && (before == i || after == i+size) {
		return 0, 0
	}
	for start = before; v.localChar(start - 1); {
		start--
	}
	for start < before && !v.wordChar(start) {
		start++
	}
	end, spelledDots := v.spelledDomain(after, joint)
	switch {
	case start == before, end == 0:
		return 0, 0
	case !bracket && spelledDots == 0 && !v.namesSomebody(start, before, joint):
		return 0, 0
	}
	return start, end
}

// setApart steps over the blanks and brackets around a word from i to end.
func (v *view) setApart(i, end int) (before, after int, bracket bool) {
	before, after = v.back(i, isBlank), v.run(end, isBlank)
	switch v.at(before - 1) {
	case '(', '[', '{', '<':
	default:
		return before, after, false
	}
	switch v.at(after) {
	case ')', ']', '}', '>':
		return v.back(before-1, isBlank), v.run(after+1, isBlank), true
	}
	return before, after, false
}

// spelledDomain gives the end of a domain name at i whose dots may be words, and
// how many are; joint says that the words are joined by hyphens.
func (v *view) spelledDomain(i int, joint bool) (end, words int) {
	labels, last := 0, i
	for {
		j := i
		for v.wordChar(j) || v.at(j) == '-' && !joint {
			j++
		}
		if j == i {
			break
		}
		labels, last, end = labels+1, i, j
		next, word := v.dot(j, joint)
		if next == 0 {
			break
		}
		if word {
			words++
		}
		i = next
	}
	if labels < 2 || end-last < 2 || !v.allLetters(last, end) || v.pictureEnding(last, end) || v.fileEnding(last) {
		return 0, 0
	}
	return end, words
}

// dot gives what follows the dot at i, spelled out or not, 0 if there is none.
func (v *view) dot(i int, joint bool) (next int, word bool) {
	switch {
	case v.at(i) == '.':
		return i + 1, false
	case joint:
		if size := v.word(i+1, dotWords); size > 0 && v.is(i, isJoint) && v.is(i+1+size, isJoint) {
			return i + size + 2, true
		}
		return 0, false
	}
	j := v.run(i, isBlank)
	open := v.at(j) == '(' || v.at(j) == '[' || v.at(j) == '{'
	if open {
		j = v.run(j+1, isBlank)
	}
	size := v.word(j, dotWords)
	if open && v.at(j) == '.' {
		size = 1
	}
	if size == 0 || j == i {
		return 0, false
	}
	j = v.run(j+size, isBlank)
	if open {
		if c := v.at(j); c != ')' && c != ']' && c != '}' {
			return 0, false
		}
		j = v.run(j+1, isBlank)
	}
	return j, true
}

// namesSomebody says whether a local part is none that a sentence would hold, or
// of a slug one that has a dot.
func (v *view) namesSomebody(start, end int, slug bool) bool {
	if v.is(start, isDigit) {
		return false
	}
	for ; start < end; start++ {
		if v.at(start) == '.' || !slug && v.is(start, isDigit|isJoint) {
			return true
		}
	}
	return false
}
