package scrub

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// corpus gives the lines of a file of texts, without comments.
func corpus(t testing.TB, name string) (lines []string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if line != "" && (line[0] != '#' || strings.HasPrefix(line, "## ")) {
			lines = append(lines, line)
		}
	}
	return lines
}

// scrubbed treats a text as what it looks like: a path begins with "/".
func scrubbed(text string) string {
	if strings.HasPrefix(text, "/") {
		return Path(text)
	}
	return Text(text)
}

// rates are the shares of a corpus that went wrong, by kind.
type rates struct{ total, wrong map[string]int }

func newRates() rates { return rates{map[string]int{}, map[string]int{}} }

// bound prints a kind's share and holds it to a most, in percent.
func (r rates) bound(t *testing.T, what, kind string, most float64) {
	t.Helper()
	share := 100 * float64(r.wrong[kind]) / float64(r.total[kind])
	t.Logf("%-14s %4d texts, %2d %s: %.2f %%", kind, r.total[kind], r.wrong[kind], what, share)
	if share > most {
		t.Errorf("%s: %.2f %% %s, want at most %.2f %%", kind, share, what, most)
	}
}

// TestNasty holds the share of texts of which something is left that must not be.
func TestNasty(t *testing.T) {
	r, kind := newRates(), ""
	var kinds []string
	for _, line := range corpus(t, "nasty.txt") {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			kind, kinds = name, append(kinds, name)
			continue
		}
		text, pieces, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		r.total[kind]++
		got := scrubbed(text)
		for piece := range strings.SplitSeq(pieces, " | ") {
			if !strings.Contains(text, piece) {
				t.Errorf("%q is no part of %q", piece, text)
			}
			if strings.Contains(got, piece) {
				r.wrong[kind]++
				t.Logf("left %q in %q of %q", piece, got, text)
				break
			}
		}
	}
	for _, kind := range kinds {
		r.bound(t, "missed", kind, mostMissed[kind])
	}
}

// mostMissed is how many percent of each kind may be missed; of those that are
// not named, none.
var mostMissed = map[string]float64{"hard": 35}

// TestInnocent holds the share of innocent texts that are changed.
func TestInnocent(t *testing.T) {
	r, kind := newRates(), ""
	var kinds []string
	seen := map[string]bool{}
	for _, line := range corpus(t, "innocent.txt") {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			kind, kinds = name, append(kinds, name)
			continue
		}
		if seen[line] {
			t.Errorf("twice: %q", line)
		}
		seen[line] = true
		got := scrubbed(line)
		for _, k := range []string{kind, "all"} {
			r.total[k]++
			if got != line {
				r.wrong[k]++
			}
		}
		if got != line {
			t.Logf("changed: %q to %q", line, got)
		}
	}
	for _, kind := range slices.Compact(kinds) {
		r.bound(t, "changed", kind, 3)
	}
	r.bound(t, "changed", "all", 0.5)
	if r.total["all"] < 1500 {
		t.Errorf("only %d innocent texts", r.total["all"])
	}
}
