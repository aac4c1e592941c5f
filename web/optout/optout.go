package optout

import (
	"net/http"

	"foule.eu/foule"
)

// Paths are the places under a tracking base that [New] answers.
var Paths = []string{"/optout", "/optout.js", "/index.php"}

// Options is what the pages have to know.
type Options struct {
	// IgnoresDNT says whether a site counts those who send "DNT: 1". For 0 or a
	// number that is no site's, it says whether any site does. Nil is never.
	IgnoresDNT func(foule.SiteID) bool
}

// server holds what the handlers share; it is read-only after New.
type server struct {
	ignoresDNT func(foule.SiteID) bool
	words      map[string]words // by language
}

// New makes the handler for Paths. It panics on a broken template or catalogue:
// they are embedded, so that is a fault of the build.
func New(o Options) http.Handler {
	s := &server{ignoresDNT: o.IgnoresDNT, words: loadWords()}
	if s.ignoresDNT == nil {
		s.ignoresDNT = func(foule.SiteID) bool { return false }
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(s.refuse))
	page := guard.Handler(http.HandlerFunc(s.page))

	mux := http.NewServeMux()
	mux.Handle("/optout", page)
	mux.HandleFunc("/optout.js", s.script)
	mux.HandleFunc("/index.php", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("module") != "CoreAdminHome" {
			http.NotFound(w, r)
			return
		}
		switch q.Get("action") {
		case "optOut":
			page.ServeHTTP(w, r)
		case "optOutJS":
			s.script(w, r)
		default:
			http.NotFound(w, r)
		}
	})
	return mux
}
