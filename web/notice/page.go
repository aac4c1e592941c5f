package notice

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/privacy/document"
	"foule.eu/foule/web/optout"
)

var (
	//go:embed page.html
	pageSource string
	//go:embed page.css
	pageStyle string

	pageTemplate = template.Must(template.New("page").Parse(pageSource))
)

// view is what the template shows.
type view struct {
	Lang, Title, State string
	Style              template.CSS
	Calm               bool // nobody counts the visitor
	Button, Wish       string
	Choice             string // the form's address
	Notice             template.HTML
	Proof, ProofText   string
	Link, Policy       string
	PolicyText         string
	File               string
	Hash, Version      string
	Date               string
	LanguageName       string
	Languages          []tongue
}

type tongue struct {
	Lang, Name string
	Current    bool
}

// page shows a site's page.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	lang := languageOf(r)
	v := view{Lang: lang, Title: title.In(lang), Style: template.CSS(pageStyle), LanguageName: languageName.In(lang)}
	for i, l := range privacy.Languages {
		v.Languages = append(v.Languages, tongue{l, [...]string{"English", "Français"}[i], l == lang})
	}
	site, known := s.site(r.PathValue("id"))
	if !known {
		v.State = unknown.In(lang)
		s.send(w, http.StatusNotFound, &v)
		return
	}
	s.fill(&v, site, r)
	s.send(w, http.StatusOK, &v)
}

// fill says what holds for the site, and for this visitor.
func (s *server) fill(v *view, site *foule.Site, r *http.Request) {
	st := stateOf(r, privacy.Of(site).IgnoreDNT)
	v.State, v.Calm = st.text.In(v.Lang), st.calm
	v.Wish, v.Button = st.wish, st.button.In(v.Lang)
	id := strconv.FormatUint(uint64(site.ID), 10)
	v.Choice = "../optout?" + url.Values{"idsite": {id}, "language": {v.Lang}}.Encode()

	about := document.About{Site: site, Install: &s.Install, Today: s.today(), Public: true}
	doc, _ := document.Write(document.Notice, about, v.Lang) // there is one
	v.Notice = template.HTML(doc.HTML(2, false))             // of our own words; those of settings are escaped there

	v.Proof, v.ProofText, v.Link = proof.In(v.Lang), proofText.In(v.Lang), proofLink.In(v.Lang)
	v.File = "../.well-known/foule.json?site=" + id
	v.Policy, v.PolicyText = site.Privacy.PolicyURL, policyText.In(v.Lang)
	v.Hash, v.Version = privacy.Hash(privacy.Configuration(&s.Install, site)), s.Install.Version
	v.Date = privacy.Date(s.today()).In(v.Lang)
}

// state is how a visitor stands, and what he may say.
type state struct {
	text, button privacy.Text
	wish         string
	calm         bool
}

// stateOf says what the tracking side would make of this visitor's hits: first
// what the browser asks of every site, then what was said here.
func stateOf(r *http.Request, ignoresDNT bool) state {
	no, dnt := optout.SaidNo(r), r.Header.Get("Dnt") == "1"
	st := state{counted, say, "out", false}
	switch {
	case r.Header.Get("Sec-Gpc") == "1":
		st = state{gpc, also, "out", true}
	case no:
		st = state{out, take, "in", true}
	case dnt && !ignoresDNT:
		st = state{tracked, also, "out", true}
	case dnt:
		st.text = dntIgnored
	}
	if no {
		st.button, st.wish = take, "in"
	}
	return st
}

func (s *server) send(w http.ResponseWriter, status int, v *view) {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(pageStyle))
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang)
	h.Set("Cache-Control", "no-store") // it says how this visitor stands
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // a client that went away needs no answer
}

// languageOf is the language to answer in: the address's, else the browser's.
func languageOf(r *http.Request) string {
	for _, lang := range privacy.Languages {
		if r.URL.Query().Get("lang") == lang {
			return lang
		}
	}
	return optout.BrowserLanguage(r)
}
