package dashboard

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"foule.eu/foule/privacy/document"
	"foule.eu/foule/storage"
)

// documentPage is a document as it reads, and as it can be taken along.
type documentPage struct {
	Nav            []link
	Intro          string
	Before         []string // what to look at first
	Gaps           []string // what only the operator knows
	Text           template.HTML
	HTML, Markdown string
	Path           string
	Alone          bool
}

// document shows a document, or with ?format= sends it as a file.
func (s *server) document(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	l := localeOf(r)
	kind := document.Kind(chi.URLParam(r, "document"))
	doc, ok := document.Write(kind, document.About{Site: &site, Install: &s.Install, Today: s.todayAt(&site)}, l.Lang)
	if !ok {
		return storage.ErrNotFound
	}
	page := documentPage{
		Nav: s.privacyNav(l, r, &site), Intro: l.T("document." + string(kind)), Before: doc.Before, Gaps: doc.Gaps,
		Text: template.HTML(scrolling(l, doc)), HTML: doc.HTML(2, true), Markdown: doc.Markdown(), // escaped where it is made
		Path: r.URL.Path, Alone: s.Install.Alone,
	}
	switch format := r.URL.Query().Get("format"); format {
	case "md", "html":
		return sendDocument(w, fmt.Sprintf("foule-%s-%d-%s.%s", kind, site.ID, l.Lang, format), &page)
	}
	title := doc.Title
	for _, k := range document.Kinds {
		if k.Kind == kind {
			title = k.Title.In(l.Lang)
		}
	}
	return s.render(w, r, "document", title, &site, page)
}

// scrolling writes a document whose tables may be wider than a phone.
func scrolling(l *locale, doc *document.Document) string {
	open := `<div class="scroll" tabindex="0" role="group" aria-label="` + template.HTMLEscapeString(l.T("document.table")) + `"><table>`
	return strings.NewReplacer("<table>", open, "</table>", "</table></div>").Replace(doc.HTML(2, false))
}

func sendDocument(w http.ResponseWriter, name string, page *documentPage) error {
	text, kind := page.Markdown, "text/markdown; charset=utf-8"
	if strings.HasSuffix(name, ".html") {
		text, kind = page.HTML, "text/html; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write([]byte(text))
	return err
}
