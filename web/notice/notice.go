// Package notice is what the tracking side says to the public of itself: a page
// for people, one per site, and a file for machines.
//
//   - /privacy/N says in French or English what is counted on site N, for how
//     long, whether this very visitor is counted, and takes a no;
//   - /.well-known/foule.json has the settings that matter for privacy and their
//     hash, of the installation, or with ?site=N (or /N behind it) of a site;
//   - /.well-known/gpc.json says that Global Privacy Control is respected
//     (W3C, Global Privacy Control, "GPC Support Resource").
//
// All of it is made of the settings in force by packages privacy and
// privacy/document. In comes a request; nothing of it is kept, and no store is
// asked. Who knows a site's number sees what the site tells its visitors, and
// neither its name nor that of another; nothing lists the sites.
//
// Start reading at [New], then page.go; docs/well-known.md describes the file.
package notice

import (
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// Paths are the places under a tracking base that [New] answers, as patterns of chi.
var Paths = []string{"/privacy/{id}", "/.well-known/foule.json", "/.well-known/foule.json/{id}", "/.well-known/gpc.json"}

// Options is what the pages have to know.
type Options struct {
	Install privacy.Install
	// Site finds a site by its number; it is called for each request.
	Site func(foule.SiteID) (*foule.Site, bool)
	Now  func() time.Time
}

// New makes the handler for Paths.
func New(o Options) http.Handler {
	s := &server{o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /privacy/{id}", s.page)
	mux.HandleFunc("GET /.well-known/foule.json", s.file)
	mux.HandleFunc("GET /.well-known/foule.json/{id}", s.file)
	mux.HandleFunc("GET /.well-known/gpc.json", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, map[string]any{"gpc": true, "lastUpdate": gpcSince})
	})
	return mux
}

// gpcSince is when the support of Global Privacy Control last changed.
const gpcSince = "2026-11-29"

// schema is the version of the file's form; docs/well-known.md describes it.
const schema = 1

type server struct{ Options }

// site finds the site of a number as an address has it.
func (s *server) site(number string) (*foule.Site, bool) {
	id, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return nil, false
	}
	return s.Site(foule.SiteID(id))
}

// today is the day in UTC: the installation has no zone of its own.
func (s *server) today() foule.Day { return foule.DayOf(s.Now(), time.UTC) }

// file is what a machine reads of the installation, or of a site.
type file struct {
	Schema        int            `json:"schema"`
	Product       string         `json:"product"`
	Version       string         `json:"version"`
	Date          string         `json:"date"`
	GPC           bool           `json:"gpc"`
	OptOut        string         `json:"opt_out"`
	Page          string         `json:"page,omitempty"`
	Statement     *privacy.Text  `json:"statement,omitempty"`
	Configuration map[string]any `json:"configuration"`
	Hash          string         `json:"hash"`
}

func (s *server) file(w http.ResponseWriter, r *http.Request) {
	number := r.PathValue("id")
	if number == "" {
		number = r.URL.Query().Get("site")
	}
	base := s.Install.PublicURL + "/" // relative to the origin where nothing says more
	f := file{Schema: schema, Product: "Foule", Version: s.Install.Version, Date: s.today().String(), GPC: true, OptOut: base + "optout"}
	var site *foule.Site
	if number != "" {
		var known bool
		if site, known = s.site(number); !known {
			write(w, http.StatusNotFound, map[string]any{"error": "there is no such site"})
			return
		}
		id := strconv.FormatUint(uint64(site.ID), 10)
		f.OptOut += "?idsite=" + id
		f.Page = base + path.Join("privacy", id)
		if statement, ok := privacy.Statement(site, privacy.Check(site, &s.Install, s.today())); ok {
			f.Statement = &statement
		}
	}
	f.Configuration = privacy.Configuration(&s.Install, site)
	f.Hash = privacy.Hash(f.Configuration)
	write(w, http.StatusOK, f)
}

// write answers with JSON that any page may read.
func write(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(v) // a client that went away needs no answer
}
