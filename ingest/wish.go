package ingest

import "foule.eu/foule"

// IgnoresDNT says whether a site counts visitors who send "DNT: 1". For a number
// that is no site's, 0 among them, it says whether any site does: whoever asks
// without a site wants to promise nothing too much.
func (s *Sites) IgnoresDNT(id foule.SiteID) bool {
	sites := *s.byID.Load()
	if site := sites[id]; site != nil {
		return site.IgnoresDNT()
	}
	for _, site := range sites {
		if site.IgnoresDNT() {
			return true
		}
	}
	return false
}
