package document

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

// clean takes out of an operator's words what would be a mark of ours.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\ue000' || r == '\ue001' || r < ' ' {
			return ' '
		}
		return r
	}, strings.TrimSpace(s))
}

// address finds a web address in a text; the sentence's own full stop after it
// is none of it.
var address = regexp.MustCompile(`https?://[^\s<>"\x{e000}\x{e001}]*[^\s<>".,;:!?)\x{e000}\x{e001}]`)

// spans takes a text apart into addresses, gaps and the rest.
func spans(s string, plain, link, gap func(string)) {
	for s != "" {
		open := strings.Index(s, gapOpen)
		at := address.FindStringIndex(s)
		switch {
		case at != nil && (open < 0 || at[0] < open):
			plain(s[:at[0]])
			link(s[at[0]:at[1]])
			s = s[at[1]:]
		case open >= 0:
			plain(s[:open])
			inside, rest, _ := strings.Cut(s[open+len(gapOpen):], gapClose)
			gap(inside)
			s = rest
		default:
			plain(s)
			return
		}
	}
}

// frenchSpaces holds French punctuation to its word.
var frenchSpaces = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", " »", "\u00a0»", "« ", "«\u00a0")

// spaced writes a text with the spaces of the document's language.
func (d *Document) spaced(s string) string {
	if d.Lang == "fr" {
		return frenchSpaces.Replace(s)
	}
	return s
}

// HTML writes the document as a fragment whose title is a heading of that
// level; with title false it is left out, and parts take its level.
func (d *Document) HTML(level int, title bool) string {
	var b strings.Builder
	heading := func(level int, s string) {
		n := strconv.Itoa(level)
		b.WriteString("<h" + n + ">" + inHTML(s) + "</h" + n + ">\n")
	}
	if title {
		heading(level, d.Title)
		level++
	}
	if d.Draft != "" {
		b.WriteString("<p><strong>" + inHTML(d.Draft) + "</strong></p>\n")
	}
	for _, block := range d.Blocks {
		switch {
		case block.Heading != "":
			heading(level, block.Heading)
		case block.Paragraph != "":
			b.WriteString("<p>" + inHTML(block.Paragraph) + "</p>\n")
		case block.Table != nil:
			tableHTML(&b, block.Table)
		default:
			b.WriteString("<ul>\n")
			for _, item := range block.List {
				b.WriteString("<li>" + inHTML(item) + "</li>\n")
			}
			b.WriteString("</ul>\n")
		}
	}
	return d.spaced(b.String())
}

func tableHTML(b *strings.Builder, t *Table) {
	b.WriteString("<table>\n<thead><tr>")
	for _, cell := range t.Head {
		b.WriteString(`<th scope="col">` + inHTML(cell) + "</th>")
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			if i == 0 {
				b.WriteString(`<th scope="row">` + inHTML(cell) + "</th>")
			} else {
				b.WriteString("<td>" + inHTML(cell) + "</td>")
			}
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>\n")
}

func inHTML(s string) string {
	var b strings.Builder
	spans(s,
		func(s string) { b.WriteString(html.EscapeString(s)) },
		func(s string) {
			b.WriteString(`<a href="` + html.EscapeString(s) + `">` + html.EscapeString(s) + "</a>")
		},
		func(s string) { b.WriteString("<mark>[" + html.EscapeString(s) + "]</mark>") })
	return b.String()
}

// Markdown writes the document as CommonMark, tables as GitHub has them.
func (d *Document) Markdown() string {
	var b strings.Builder
	b.WriteString("## " + inMarkdown(d.Title) + "\n\n")
	if d.Draft != "" {
		b.WriteString("**" + inMarkdown(d.Draft) + "**\n\n")
	}
	for _, block := range d.Blocks {
		switch {
		case block.Heading != "":
			b.WriteString("### " + inMarkdown(block.Heading) + "\n\n")
		case block.Paragraph != "":
			b.WriteString(inMarkdown(block.Paragraph) + "\n\n")
		case block.Table != nil:
			tableMarkdown(&b, block.Table)
		default:
			for _, item := range block.List {
				b.WriteString("- " + inMarkdown(item) + "\n")
			}
			b.WriteString("\n")
		}
	}
	return d.spaced(strings.TrimRight(b.String(), "\n")) + "\n"
}

func tableMarkdown(b *strings.Builder, t *Table) {
	row := func(cells []string) {
		b.WriteString("|")
		for _, cell := range cells {
			b.WriteString(" " + strings.ReplaceAll(inMarkdown(cell), "|", `\|`) + " |")
		}
		b.WriteString("\n")
	}
	row(t.Head)
	b.WriteString(strings.Repeat("|---", len(t.Head)) + "|\n")
	for _, cells := range t.Rows {
		row(cells)
	}
	b.WriteString("\n")
}

// special are the characters that mean something to Markdown within a text.
var special = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`)

func inMarkdown(s string) string {
	var b strings.Builder
	spans(s,
		func(s string) { b.WriteString(special.Replace(s)) },
		func(s string) { b.WriteString("<" + s + ">") },
		func(s string) { b.WriteString(`**\[` + special.Replace(s) + `\]**`) })
	return b.String()
}
