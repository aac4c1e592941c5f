// Package document writes what a site has to say and to keep about its audience
// measurement: the notice for its privacy policy, drafts of the register's entry
// (GDPR article 30) and of the interest assessment, and the data dictionary.
//
// Beside it stands package privacy, whose tables and judgements it puts into
// sentences. A document is made of the settings in force and of nothing else, so
// that no sentence can be untrue: each stands under the condition that makes it
// true, and a property test compares the two for random settings. What only the
// operator knows is a [Gap], which every rendering shows as one.
//
// In go a site, the installation and a day; out comes a [Document], a list of
// blocks that [Document.Markdown] and [Document.HTML] write down. Start reading
// at [Write], then notice.go.
package document

import (
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// Kind names a document.
type Kind string

// The documents.
const (
	Notice     Kind = "notice"     // for the site's privacy policy
	Record     Kind = "record"     // the register's entry, a draft
	Assessment Kind = "assessment" // of the legitimate interest, a draft
	Data       Kind = "data"       // the data dictionary
)

// Kinds is every document, in order of display, with its title.
var Kinds = []struct {
	Kind  Kind
	Title privacy.Text
}{
	{Notice, privacy.Text{EN: "Privacy notice", FR: "Notice de confidentialité"}},
	{Record, privacy.Text{EN: "Record of processing", FR: "Registre des traitements"}},
	{Assessment, privacy.Text{EN: "Legitimate-interest assessment", FR: "Mise en balance des intérêts"}},
	{Data, privacy.Text{EN: "Data dictionary", FR: "Dictionnaire des données"}},
}

// Document is a text in one language.
type Document struct {
	Kind  Kind
	Lang  string
	Title string
	Draft string // what has to be done before it is more than a draft; "" if it is none
	// Before is what to look at before it is published. It is no part of the text.
	Before []string
	Blocks []Block
	// Claims are the sentences' names, for the test that compares them with the settings.
	Claims []string
	Gaps   []string // what only the operator knows, and has not said
}

// Block is a heading, a paragraph, a list or a table: whichever is not empty.
type Block struct {
	Heading   string
	Paragraph string
	List      []string
	Table     *Table
}

// Table has a row of headings and rows as long.
type Table struct {
	Head []string
	Rows [][]string
}

// About is what a document is about.
type About struct {
	Site    *foule.Site
	Install *privacy.Install
	Today   foule.Day
	// Public writes for a page that visitors see: what the operator has not said
	// is left out, and so is the way to the page itself.
	Public bool
}

// Write writes a document in a language; ok is false for a kind that is none.
func Write(kind Kind, about About, lang string) (doc *Document, ok bool) {
	i := slices.IndexFunc(Kinds, func(k struct {
		Kind  Kind
		Title privacy.Text
	}) bool {
		return k.Kind == kind
	})
	if i < 0 {
		return nil, false
	}
	w := &writer{About: about, policy: privacy.Of(about.Site), doc: &Document{Kind: kind, Lang: lang, Title: Kinds[i].Title.In(lang)}}
	switch kind {
	case Notice:
		w.notice()
	case Record:
		w.record()
	case Assessment:
		w.assessment()
	case Data:
		w.data()
	}
	w.end()
	return w.doc, true
}

// writer puts a document together.
type writer struct {
	About
	policy    privacy.Policy
	doc       *Document
	paragraph string // not yet among the blocks
}

// text is short for a sentence in both languages.
type text = privacy.Text

// head begins a part.
func (w *writer) head(t text) {
	w.end()
	w.doc.Blocks = append(w.doc.Blocks, Block{Heading: t.In(w.doc.Lang)})
}

// say adds a sentence, under the name by which the test knows its condition, to
// the paragraph.
func (w *writer) say(claim string, t text, pairs ...any) {
	if w.paragraph != "" {
		w.paragraph += " "
	}
	w.paragraph += t.With(pairs...).In(w.doc.Lang)
	w.doc.Claims = append(w.doc.Claims, claim)
}

// end ends the paragraph.
func (w *writer) end() {
	if w.paragraph != "" {
		w.doc.Blocks = append(w.doc.Blocks, Block{Paragraph: w.paragraph})
	}
	w.paragraph = ""
}

// list adds a list.
func (w *writer) list(items []text) {
	w.end()
	w.doc.Blocks = append(w.doc.Blocks, Block{List: w.in(items)})
}

func (w *writer) in(texts []text) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = t.In(w.doc.Lang)
	}
	return out
}

// table adds a table.
func (w *writer) table(head []text, rows [][]string) {
	w.end()
	w.doc.Blocks = append(w.doc.Blocks, Block{Table: &Table{w.in(head), rows}})
}

// The marks around a gap within a text: private characters, so that no setting
// can hold them.
const gapOpen, gapClose = "\ue000", "\ue001"

// gap stands where only the operator knows what to write.
func (w *writer) gap(t text) text {
	w.doc.Gaps = append(w.doc.Gaps, t.In(w.doc.Lang))
	return text{EN: gapOpen + "to fill in: " + t.EN + gapClose, FR: gapOpen + "à compléter : " + t.FR + gapClose}
}

// or gives what the operator said, or the gap it leaves.
func (w *writer) or(said string, gap text) text {
	if said != "" {
		return same(clean(said))
	}
	return w.gap(gap)
}

// same is a text that is the same in every language.
func same(s string) text { return text{EN: s, FR: s} }
