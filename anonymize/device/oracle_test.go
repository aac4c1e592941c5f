package device

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// opinion is one line of oracle/oracle.mjs.
type opinion struct {
	Kind   string // person (weighted real traffic), rare (testdata/agents.txt), bot (crawler-user-agents)
	UA     string
	Weight float64
	Tag    string // of a bot
	Bot    bool   // isbot's verdict
	// What Matomo's rules say.
	Type, Brand, Browser, BrowserMajor, OS, OSVersion string
}

// sameNames maps the oracle's words to ours where the difference is only naming.
var sameNames = map[string]string{
	"phablet":  "smartphone", // we have no phablets
	"Opera GX": "Opera",
}

// sameName applies sameNames to either side.
func sameName(s string) string {
	if own, ok := sameNames[s]; ok {
		return own
	}
	return s
}

// score counts agreement on one question.
type score struct {
	name      string
	want      float64 // the least share that passes
	of, right float64
	wrong     map[string]float64 // disagreement → weight
}

func (s *score) add(weight float64, oracle, own, ua string) {
	s.of += weight
	if sameName(oracle) == sameName(own) {
		s.right += weight
		return
	}
	if s.wrong == nil {
		s.wrong = make(map[string]float64)
	}
	s.wrong[fmt.Sprintf("oracle %q, we %q: %s", oracle, own, ua)] += weight
}

func (s *score) report(t *testing.T) {
	t.Helper()
	share := 100 * s.right / s.of
	t.Logf("%-28s %7.2f %%  (at least %.1f %%)", s.name, share, s.want)
	if share < s.want {
		t.Errorf("%s: agreement %.2f %%, want at least %.1f %%", s.name, share, s.want)
	}
	worst := make([]string, 0, len(s.wrong))
	for w := range s.wrong {
		worst = append(worst, w)
	}
	slices.SortFunc(worst, func(a, b string) int {
		if s.wrong[a] != s.wrong[b] {
			if s.wrong[a] > s.wrong[b] {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, w := range worst[:min(len(worst), worstShown)] {
		t.Logf("    %.5f %s", s.wrong[w], w)
	}
}

// worstShown is how many disagreements of each question are listed.
const worstShown = 5

// TestOracle compares the package with Matomo's rules and isbot on real
// traffic. What is in the samples belongs to their makers and is fetched by
// npm, so the test needs "npm ci" in oracle/.
func TestOracle(t *testing.T) {
	rows := opinions(t)
	p := New(0)
	t.Run("people", func(t *testing.T) { comparePeople(t, p, rows) })
	t.Run("rare", func(t *testing.T) { compareRare(t, p, rows) })
	t.Run("bots", func(t *testing.T) { compareBots(t, p, rows) })
}

func comparePeople(t *testing.T, p *Parser, rows []opinion) {
	scores := []*score{
		{name: "browser", want: 99.5}, {name: "browser major", want: 99.5}, {name: "os", want: 99.5},
		{name: "os major", want: 99.5}, {name: "device type", want: 99.5}, {name: "brand", want: 99},
	}
	kept := score{name: "people kept", want: 99.9}
	for _, o := range rows {
		if o.Kind != "person" || o.Bot {
			continue
		}
		r := p.Parse(o.UA, Hints{})
		kept.add(o.Weight, "person", verdict(r), o.UA)
		if !r.Bot {
			compareDevice(scores, o, r)
		}
	}
	for _, s := range append(scores, &kept) {
		s.report(t)
	}
}

func compareRare(t *testing.T, p *Parser, rows []opinion) {
	scores := []*score{
		{name: "browser", want: 95}, {name: "browser major", want: 95}, {name: "os", want: 95},
		{name: "os major", want: 95}, {name: "device type", want: 95}, {name: "brand", want: 95},
	}
	for _, o := range rows {
		if o.Kind != "rare" {
			continue
		}
		r := p.Parse(o.UA, Hints{})
		if r.Bot {
			t.Errorf("a person taken for %q: %s", r.BotName, o.UA)
		}
		compareDevice(scores, o, r)
	}
	for _, s := range scores {
		s.report(t)
	}
}

// compareDevice adds one user agent to the scores browser, browser major, os, os major, type, brand.
func compareDevice(scores []*score, o opinion, r Result) {
	scores[0].add(o.Weight, o.Browser, r.Browser, o.UA)
	scores[1].add(o.Weight, o.BrowserMajor, r.BrowserVersion, o.UA)
	scores[2].add(o.Weight, o.OS, r.OS, o.UA)
	scores[3].add(o.Weight, major(thawed(o)), major(r.OSVersion), o.UA)
	scores[4].add(o.Weight, o.Type, r.Type, o.UA)
	scores[5].add(o.Weight, o.Brand, r.Brand, o.UA)
}

// thawed corrects the oracle's iOS version where Safari 26 and later froze it
// (see agent.apple): we differ there on purpose.
func thawed(o opinion) string {
	_, safari, ok := strings.Cut(o.UA, "Version/")
	if v := parseVersion(safari); ok && v.major >= 26 && major(o.OSVersion) == "18" && (o.OS == "iOS" || o.OS == "iPadOS") {
		return v.text()
	}
	return o.OSVersion
}

func major(v string) string { m, _, _ := strings.Cut(v, "."); return m }

func verdict(r Result) string {
	if r.Bot {
		return "bot"
	}
	return "person"
}

func compareBots(t *testing.T, p *Parser, rows []opinion) {
	found := score{name: "bots found", want: 98}
	byTag := make(map[string]*score)
	for _, o := range rows {
		if o.Kind != "bot" {
			continue
		}
		s := byTag[o.Tag]
		if s == nil {
			s = &score{name: "  " + o.Tag}
			byTag[o.Tag] = s
		}
		own := verdict(p.Parse(o.UA, Hints{}))
		found.add(1, "bot", own, o.UA)
		s.add(1, "bot", own, "")
	}
	found.report(t)
	tags := make([]string, 0, len(byTag))
	for tag := range byTag {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	for _, tag := range tags {
		s := byTag[tag]
		t.Logf("%-28s %7.2f %%  (%.0f of %.0f)", s.name, 100*s.right/s.of, s.right, s.of)
	}
}

// opinions runs the oracle.
func opinions(t *testing.T) []opinion {
	t.Helper()
	if _, err := os.Stat("oracle/node_modules"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("oracle/node_modules is missing: run npm ci in anonymize/device/oracle")
		}
		t.Skip("oracle/node_modules is missing: run npm ci in anonymize/device/oracle")
	}
	cmd := exec.Command("node", "oracle.mjs")
	cmd.Dir, cmd.Stderr = "oracle", os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node oracle.mjs: %v", err)
	}
	var rows []opinion
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o opinion
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Fatalf("oracle: line %d: %v", len(rows)+1, err)
		}
		rows = append(rows, o)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}
