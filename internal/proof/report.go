package proof

import (
	"slices"
	"time"
)

// Format is the version of the report's form.
const Format = 1

// The verdicts.
const (
	Clean = "clean" // nothing was found that may not be there
	Leak  = "leak"  // something was
	Void  = "void"  // nothing was found, but nothing is proven: what is counted by design is missing
)

// Report is what a proof came to.
type Report struct {
	Format        int           `json:"format"`
	Version       string        `json:"version"` // of the program
	Time          time.Time     `json:"time"`
	Seconds       float64       `json:"seconds"`
	Verdict       string        `json:"verdict"`
	Store         string        `json:"store"` // the engine, without address
	Configuration Configuration `json:"configuration"`
	Sites         Sites         `json:"sites"`
	Requests      Requests      `json:"requests"`
	Markers       []Markers     `json:"markers"`
	Counted       []Label       `json:"counted"`
	Chosen        []Label       `json:"chosen"`
	Searched      []Place       `json:"searched"`
	NotSearched   []Blind       `json:"not_searched"`
	Findings      []Finding     `json:"findings"`
}

// Configuration is what was in force.
type Configuration struct {
	// SHA256 is of the lines NAME=VALUE of all settings in their order, without
	// passwords.
	SHA256 string `json:"sha256"`
	// Privacy are the settings that decide what is kept.
	Privacy []Setting `json:"privacy"`
	// Changed are the settings that the throw-away instance had otherwise, so that it
	// touches nothing of the operator's.
	Changed []string `json:"changed"`
}

// Setting is one of them.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Sites are those whose settings were tried.
type Sites struct {
	SHA256 string `json:"sha256"` // of the settings of all sites, as JSON
	All    int    `json:"all"`    // that there are
	// Tried are the numbers of the sites whose settings were tried. One stands for
	// all that have the same; the last is a plain one that every proof adds.
	Tried []int `json:"tried"`
}

// Requests count what was sent.
type Requests struct {
	Sent int `json:"sent"`
	// Unexpected are answers of another status than a plain installation gives: what
	// such a request planted may have come less far than it should.
	Unexpected int `json:"unexpected"`
}

// Markers count what was planted of a kind.
type Markers struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Label is a text that was planted in order to be found, or to be kept because
// a site's settings say so.
type Label struct {
	Name  string `json:"name"`
	Site  int    `json:"site"`
	Found bool   `json:"found"`
}

// Place is where was searched.
type Place struct {
	Name     string `json:"name"`
	Contents int    `json:"contents"` // files, tables, pages or answers, each time they were searched
	Bytes    int64  `json:"bytes"`
}

// Blind is a place that could not be searched.
type Blind struct {
	Name string `json:"name"`
	// How are commands by which an operator can search it.
	How []string `json:"how"`
}

// Finding is a marker where it may not be.
type Finding struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"` // where the marker was planted
	Site   int    `json:"site"`
	Form   string `json:"form"`
	Place  string `json:"place"`
	Where  string `json:"where"` // file or table
	Offset int    `json:"offset"`
	Times  int    `json:"times"` // how often it was found there, since places are searched several times
}

// maxFindings is how many the report lists; of a leak that is everywhere, the
// first will do.
const maxFindings = 500

// Found adds a finding.
func (r *Report) Found(f Finding) {
	for i := range r.Findings {
		if o := &r.Findings[i]; o.Kind == f.Kind && o.Name == f.Name && o.Site == f.Site && o.Form == f.Form && o.Place == f.Place && o.Where == f.Where {
			o.Times++
			return
		}
	}
	if f.Times = 1; len(r.Findings) < maxFindings {
		r.Findings = append(r.Findings, f)
	}
}

// Looked counts a content that was searched.
func (r *Report) Looked(place string, bytes int) {
	i := slices.IndexFunc(r.Searched, func(p Place) bool { return p.Name == place })
	if i < 0 {
		i = len(r.Searched)
		r.Searched = append(r.Searched, Place{Name: place})
	}
	r.Searched[i].Contents++
	r.Searched[i].Bytes += int64(bytes)
}

// Planted counts a marker.
func (r *Report) Planted(kind string) {
	i := slices.IndexFunc(r.Markers, func(m Markers) bool { return m.Kind == kind })
	if i < 0 {
		i = len(r.Markers)
		r.Markers = append(r.Markers, Markers{Kind: kind})
	}
	r.Markers[i].Count++
}

// Bytes is how much was searched in all.
func (r *Report) Bytes() (sum int64) {
	for _, p := range r.Searched {
		sum += p.Bytes
	}
	return sum
}

// Missing are the labels that should have been found and were not.
func (r *Report) Missing() (list []Label) {
	for _, l := range r.Counted {
		if !l.Found {
			list = append(list, l)
		}
	}
	return list
}

// Judge sets the verdict.
func (r *Report) Judge() {
	switch {
	case len(r.Findings) > 0:
		r.Verdict = Leak
	case len(r.Counted) == 0 || len(r.Missing()) > 0:
		r.Verdict = Void
	default:
		r.Verdict = Clean
	}
}
