package dashboard

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/web/tracker"
)

// installPage tells how to send hits here, how visitors can say no, and
// whether any hit has come.
type installPage struct {
	Arrival           arrival
	Guides            []link // kinds of site
	Code              string // for the chosen one
	File, Where, Note string // where it goes
	Pinned            bool
	PinHref           string // the same with or without a pinned version
	Pixel             string
	Proxy, Policy     string // nginx, Content-Security-Policy
	Choice, ChoicePage,
	ChoiceFrame string // the opt-out: embedded, as a page, in a frame
	Paq, TrackingURL string // for who comes from Matomo
	SiteID           foule.SiteID
	Overview         string
	Promise, Notice, // what visitors are told: our page, the text for the site's own
	Proof string // and what machines are
}

func (s *server) install(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	l := localeOf(r)
	a, err := s.arrival(r.Context(), l, &site)
	if err != nil {
		return err
	}
	a.Asks = ownWish(l, &site, r.Header)
	base := s.trackingBase()
	page := installPage{
		Arrival: a, Pixel: s.pixel(site.ID), Paq: s.paq(&site), TrackingURL: base, SiteID: site.ID,
		Proxy:  fmt.Sprintf("location /stats/ {\n    proxy_pass %s;\n    proxy_set_header X-Forwarded-For $remote_addr;\n    proxy_ssl_server_name on;\n}", base),
		Policy: fmt.Sprintf("script-src %[1]s; connect-src %[1]s; img-src %[1]s", origin(base)),
		Choice: fmt.Sprintf(`<div id="foule-opt-out"><noscript><a href="%[1]soptout?idsite=%[2]d&amp;lang=%[3]s">%[4]s</a></noscript></div>
<script defer src="%[1]soptout.js?idsite=%[2]d"></script>`, html.EscapeString(base), site.ID, l.Lang, l.T("objections.link")),
		ChoicePage: fmt.Sprintf("%soptout?idsite=%d&lang=%s", base, site.ID, l.Lang),
		ChoiceFrame: fmt.Sprintf(`<iframe title="%s" src="%sindex.php?module=CoreAdminHome&amp;action=optOut&amp;idsite=%d&amp;language=%s" width="100%%" height="220" frameborder="0"></iframe>`,
			l.T("objections.link"), html.EscapeString(base), site.ID, l.Lang),
		Overview: sitePath(site.ID),
		Promise:  fmt.Sprintf("%sprivacy/%d?lang=%s", base, site.ID, l.Lang), Notice: sitePath(site.ID) + "/documents/notice",
		Proof: fmt.Sprintf("%s.well-known/foule.json?site=%d", base, site.ID),
	}
	if err := s.chooseGuide(l, &page, &site, r.URL.Query()); err != nil {
		return err
	}
	return s.render(w, r, "install", l.T("install"), &site, page)
}

// chooseGuide fills in the code for the kind of site that the address names.
func (s *server) chooseGuide(l *locale, page *installPage, site *foule.Site, q url.Values) (err error) {
	chosen := guides[0]
	for _, g := range guides {
		if g.Name == q.Get("for") {
			chosen = g
		}
	}
	page.Pinned = q.Get("pin") == "1"
	path := sitePath(site.ID) + "/install"
	for _, g := range guides {
		page.Guides = append(page.Guides, link{Href: guidePath(path, g.Name, page.Pinned), Text: g.Title, Current: g.Name == chosen.Name})
	}
	page.PinHref = guidePath(path, chosen.Name, !page.Pinned)
	page.File, page.Where = chosen.File, l.T("guide."+chosen.Name)
	page.Note, _ = l.has("guide." + chosen.Name + ".note")
	page.Code, err = s.elementOf(l, site, page.Pinned).code(chosen.Code)
	return err
}

func guidePath(path, guide string, pinned bool) string {
	q := url.Values{}
	if guide != guides[0].Name {
		q.Set("for", guide)
	}
	if pinned {
		q.Set("pin", "1")
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// snippet is the shortest way in, for a site's settings.
func (s *server) snippet(l *locale, site *foule.Site) (string, error) {
	return s.elementOf(l, site, false).code(guides[0].Code)
}

// pixel counts visitors without script.
func (s *server) pixel(site foule.SiteID) string {
	return fmt.Sprintf(`<noscript><img src="%smatomo.php?idsite=%d&amp;rec=1" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>`,
		html.EscapeString(s.trackingBase()), site)
}

// paq is the embed code in Matomo's form. It asks the browser about Do Not
// Track where the tracking side would leave the hit out.
func (s *server) paq(site *foule.Site) string {
	code := tracker.Snippet(s.TrackingURL, site.ID)
	if site.IgnoreDNT {
		return code
	}
	const view = `  _paq.push(["trackPageView"]);`
	return strings.Replace(code, view, `  _paq.push(["setDoNotTrack", true]);`+"\n"+view, 1)
}

// origin cuts an address to what a policy names.
func origin(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}

// liveAnswer is what the script asks for every few seconds.
type liveAnswer struct {
	Visitors int64  `json:"visitors"`
	Text     string `json:"text"` // for the header
}

func (s *server) live(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	live, err := s.Report.Live(r.Context(), site, s.Now())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(liveAnswer{Visitors: live.Visitors5, Text: localeOf(r).live(&live)})
}
