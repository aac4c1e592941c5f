package privacy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/internal/golden"
)

// TestDoc compares docs/compliance.md with the tables.
func TestDoc(t *testing.T) {
	golden.Compare(t, filepath.Join("..", "docs", "compliance.md"), compliance())
}

// TestWellKnown: docs/well-known.md names every field of a configuration.
func TestWellKnown(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "docs", "well-known.md"))
	if err != nil {
		t.Fatal(err)
	}
	c := Configuration(&usual, &foule.Site{ID: 1})
	for _, part := range []map[string]any{c, c["site"].(object), c["visitor_key"].(object)} {
		for name := range part {
			if !strings.Contains(string(doc), "`"+name+"`") {
				t.Errorf("docs/well-known.md does not name %s", name)
			}
		}
	}
}

func compliance() string {
	var b strings.Builder
	b.WriteString(before)
	for i := range Presets {
		p := &Presets[i]
		fmt.Fprintf(&b, "\n### `%s`: %s\n\n%s\nWritten after the texts of %s.\n\n| held in place | why | rule |\n|---|---|---|\n", p.Name, p.Title.EN, p.What.EN, Date(p.Dated).EN)
		for _, pin := range p.Pins {
			what := map[string]string{SettingRounded: "rounding on", SettingIgnoreDNT: "Do Not Track respected"}[pin.Setting]
			if f, ok := Find(pin.Feature); ok {
				what = fmt.Sprintf("`%s` off: %s", f.Name, f.Title.EN)
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", what, pin.Reason.EN, pin.Rule)
		}
	}
	b.WriteString("\n## What can be collected\n\n| feature | what | parameters that feed nothing else |\n|---|---|---|\n")
	for _, f := range Features {
		params := ""
		if len(f.Params) > 0 {
			params = "`" + strings.Join(f.Params, "` `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, f.Title.EN, params)
	}
	b.WriteString(list)
	for _, w := range Weights {
		fmt.Fprintf(&b, "* **%s**: %s\n", w.Weight, w.Title.EN)
	}
	fmt.Fprintf(&b, "\n%s\n\n| | weight | requirement |\n|---|---|---|\n", SecondHand.EN)
	for _, r := range Requirements {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.ID, r.Weight, r.Title.EN)
	}
	b.WriteString(after)
	return b.String()
}

const before = `# What a site promises, and how to show it

<!-- Written from package privacy by "go test ./privacy -update". -->

Foule keeps sums only, wherever it runs ([what is kept](data.md)). Beyond that a site
can promise more: leave things alone, round what is shown, make no visitor key. This
page says how that is set, what the presets are, and how to read the list that an
auditor gets. It is no legal advice, and no authority has examined the program: a site
may write that it is *set to meet the criteria, by self-assessment of* a day, and no more.

| where | what |
|---|---|
| dashboard, “Privacy” | preset, features, rounding, consent, patterns to remove, who publishes the site (administrators) |
| dashboard, “Compliance” | the list of requirements for a site, dated, with a hash; prints, and downloads as JSON (everybody with an account) |
| dashboard, documents | privacy notice, drafts of the register's entry (GDPR article 30) and of the interest assessment, data dictionary: to read, copy and download |
| ` + "`collector site set ID …`, `collector site privacy ID`" + ` | the same settings by command; ` + "`--json`" + ` |
| ` + "`collector check`" + ` | the list for every site; ` + "`--json`" + ` |
| ` + "`collector privacy-notice --site ID`" + ` | the documents; ` + "`--lang en|fr --format md|html --document notice|record|assessment|data`" + ` |
| tracking side, ` + "`/privacy/ID`, `/.well-known/foule.json`" + ` | what visitors and machines are told ([how](well-known.md)) |

` + "`hosting`, `privacy-controller` and `privacy-contact`" + ` in the [configuration](configuration.md) fill the
documents of every site; a site may name a controller and a contact of its own.

## Presets

A preset holds settings in place that belong together. Choosing one settles them at
once and notes the day; what it holds can then not be changed, and each attempt (page,
command) is answered with the reason. What was switched off by hand besides stays off
when the preset goes. A preset of a newer program that this one does not know is taken
for the strictest of all.

    collector site set 1 --preset cnil --controller "Example SAS" --contact privacy@example.org
    collector site set 1 --collect campaigns       # refused: C6
    collector site set 1 --leave cities,regions    # what the preset does not ask for
    collector site set 1 --reviewed today

What was counted before a preset was chosen stays in the store. Reports of what it switches off
are refused, old days included; "sources" alone, which goes on with hosts, shows for days before it
the names of search engines, networks and campaigns that were counted then. [Erase](erasure.md) those
days if they should not be seen.

Settings of the installation can contradict a preset: ` + "`cnil`" + ` asks for
` + "`retention-months`" + ` of 25 or less. Then it cannot be chosen, ` + "`collector check`" + ` says so, and a
collector with such a site does not start, also from its copy of the sites while the
store is away. If the contradiction comes while a collector runs, it goes on counting
and says it in its log.
`

const list = `
## The list of requirements

Each requirement is judged by the settings in force, and the reason names them.
*Met by the settings*: the program does so as it is set today. *Not met*: the reason says
what would have to change. *Yours to do*: no program can know. Visits with consent
stand on the consent; the list is about the rest.

`

const after = `
A site of the preset ` + "`cnil`" + ` may say its sentence as long as none of these is *not met*, C16
apart, which is a Spanish recommendation: so that a chart can be filtered, visits by device,
source and place are kept by the hour as well. C13 is *yours to do* with the preset
` + "`no-visitor-key`" + `: embed ` + "`foule.bare.js`" + `, which the installation page then gives. It reads neither
the screen nor the clock nor timings, and neither does the image without script; the other scripts send
them, and the tracking side drops them.

The review (C18) is due a year after the last, or after the preset was chosen; the page
“Privacy” then says so, and its button notes the day.

## Where the dashboard runs apart

A dashboard that runs without a collector (` + "`dashboard run`" + `) knows its own configuration alone,
and says so on these pages: give it the same settings as the collector, or compare its
hash with the one under ` + "`/.well-known/foule.json`" + `.
`
