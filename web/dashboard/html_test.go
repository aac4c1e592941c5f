package dashboard

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is an answered page, taken apart.
type page struct {
	t    testing.TB
	root *html.Node
}

func parse(t testing.TB, w *httptest.ResponseRecorder) page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return page{t, root}
}

// all finds the elements that a selector names: steps apart by spaces, each a
// tag, .class, #id or [attribute] or several of them joined, as "a.card[href]".
func (p page) all(selector string) []*html.Node {
	found := []*html.Node{p.root}
	for _, step := range strings.Fields(selector) {
		var next []*html.Node
		for _, from := range found {
			for n := range from.Descendants() {
				if n.Type == html.ElementNode && matches(n, step) && !slices.Contains(next, n) {
					next = append(next, n)
				}
			}
		}
		found = next
	}
	return found
}

// one finds the only element that a selector names.
func (p page) one(selector string) *html.Node {
	p.t.Helper()
	found := p.all(selector)
	if len(found) != 1 {
		p.t.Fatalf("%q: %d elements, want 1", selector, len(found))
	}
	return found[0]
}

// texts gives the texts of the elements that a selector names.
func (p page) texts(selector string) []string {
	var out []string
	for _, n := range p.all(selector) {
		out = append(out, text(n))
	}
	return out
}

func matches(n *html.Node, step string) bool {
	for step != "" {
		end := strings.IndexAny(step[1:], ".#[") + 1
		if end == 0 {
			end = len(step)
		}
		part := step[:end]
		step = step[end:]
		var ok bool
		switch part[0] {
		case '.':
			class, _ := attr(n, "class")
			ok = slices.Contains(strings.Fields(class), part[1:])
		case '#':
			id, _ := attr(n, "id")
			ok = id == part[1:]
		case '[':
			name, value, exact := strings.Cut(strings.TrimSuffix(part[1:], "]"), "=")
			got, has := attr(n, name)
			ok = has && (!exact || got == value)
		default:
			ok = n.Data == part
		}
		if !ok {
			return false
		}
	}
	return true
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// rawText gives the text of an element as it stands, for code.
func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
