package storage

import (
	"encoding/json"

	"foule.eu/foule"
)

// siteLists is the JSON of a site's settings that are lists, and of its privacy. A list that is
// null there is nil here, which is not the same as an empty one (see
// foule.Site.SearchParams).
type siteLists struct {
	Hosts                []string                `json:"hosts"`
	KeepQuery            []string                `json:"keep_query"`
	SearchParams         []string                `json:"search_params"`
	SearchCategoryParams []string                `json:"search_category_params"`
	ExcludedIPs          []string                `json:"excluded_ips"`
	ExcludedAgents       []string                `json:"excluded_agents"`
	ExcludedPaths        []string                `json:"excluded_paths"`
	ExcludedQuery        []string                `json:"excluded_query,omitempty"`
	ExcludedReferrers    []string                `json:"excluded_referrers,omitempty"`
	Dimensions           []foule.CustomDimension `json:"dimensions,omitempty"`
	Funnels              []foule.Funnel          `json:"funnels,omitempty"`
	Privacy              foule.Privacy           `json:"privacy,omitzero"`
}

// SiteLists gives the settings of a site that are lists, but for its goals, and
// its privacy, as the JSON object that every engine stores them as.
func SiteLists(s *foule.Site) ([]byte, error) {
	return json.Marshal(siteLists{
		s.Hosts, s.KeepQuery, s.SearchParams, s.SearchCategoryParams, s.ExcludedIPs, s.ExcludedAgents, s.ExcludedPaths,
		s.ExcludedQuery, s.ExcludedReferrers, s.Dimensions, s.Funnels, s.Privacy,
	})
}

// SetSiteLists reads into a site what SiteLists wrote.
func SetSiteLists(s *foule.Site, text []byte) error {
	var l siteLists
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	s.Hosts, s.KeepQuery, s.SearchParams, s.SearchCategoryParams = l.Hosts, l.KeepQuery, l.SearchParams, l.SearchCategoryParams
	s.ExcludedIPs, s.ExcludedAgents, s.ExcludedPaths = l.ExcludedIPs, l.ExcludedAgents, l.ExcludedPaths
	s.ExcludedQuery, s.ExcludedReferrers = l.ExcludedQuery, l.ExcludedReferrers
	s.Dimensions, s.Funnels, s.Privacy = l.Dimensions, l.Funnels, l.Privacy
	return nil
}
