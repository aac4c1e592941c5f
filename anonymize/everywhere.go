package anonymize

import (
	"slices"

	"foule.eu/foule"
)

// Exclusions are what is left out on every site, beside each site's own: the
// fields are those of foule.Site.
type Exclusions struct {
	IPs, Agents, Paths, Query []string
}

// With gives the site with the exclusions added to its own.
func (x *Exclusions) With(s foule.Site) foule.Site {
	s.ExcludedIPs = slices.Concat(s.ExcludedIPs, x.IPs)
	s.ExcludedAgents = slices.Concat(s.ExcludedAgents, x.Agents)
	s.ExcludedPaths = slices.Concat(s.ExcludedPaths, x.Paths)
	s.ExcludedQuery = slices.Concat(s.ExcludedQuery, x.Query)
	return s
}

// Validate says what is wrong with the exclusions.
func (x *Exclusions) Validate() error {
	_, err := CompileSite(x.With(foule.Site{}))
	return err
}
