package dashboard

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/web/tracker"
)

// installPage tells how to send hits here and whether any has come.
type installPage struct {
	OneLine, Snippet, Pixel string
	TrackingURL             string
	SiteID                  foule.SiteID
	Received                bool
	Status, LiveURL         string
	Overview                string
}

func (s *server) snippet(site foule.SiteID) string {
	return tracker.OneLine(s.TrackingURL, site) + "\n" + s.pixel(site)
}

// pixel counts visitors without script.
func (s *server) pixel(site foule.SiteID) string {
	return fmt.Sprintf(`<noscript><img src="%s/matomo.php?idsite=%d&amp;rec=1" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>`,
		strings.TrimSuffix(s.TrackingURL, "/"), site)
}

func (s *server) install(w http.ResponseWriter, r *http.Request) error {
	site, err := s.site(r)
	if err != nil {
		return err
	}
	empty, err := s.noData(r.Context(), site.ID)
	if err != nil {
		return err
	}
	l := localeOf(r)
	page := installPage{
		OneLine: tracker.OneLine(s.TrackingURL, site.ID), Snippet: tracker.Snippet(s.TrackingURL, site.ID), Pixel: s.pixel(site.ID),
		TrackingURL: strings.TrimSuffix(s.TrackingURL, "/") + "/", SiteID: site.ID,
		Received: !empty, Status: installStatus(l, !empty), LiveURL: sitePath(site.ID) + "/live", Overview: sitePath(site.ID),
	}
	return s.render(w, r, "install", l.T("install"), &site, page)
}

func installStatus(l *locale, received bool) string {
	if received {
		return l.T("install.received")
	}
	return l.T("install.waiting")
}

// liveAnswer is what the script asks for every few seconds.
type liveAnswer struct {
	Visitors int64  `json:"visitors"`
	Text     string `json:"text"` // for the header
	Received bool   `json:"received"`
	Status   string `json:"status"` // for the installation page
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
	empty, err := s.noData(r.Context(), site.ID)
	if err != nil {
		return err
	}
	l := localeOf(r)
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(liveAnswer{
		Visitors: live.Visitors5, Text: l.N("live", live.Visitors5),
		Received: !empty, Status: installStatus(l, !empty),
	})
}
