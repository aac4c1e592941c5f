package anonymize

import (
	"strings"
	"time"

	"foule.eu/foule"
)

// Sample says what of a hit a text is that somebody tries the scrubbing on.
type Sample string

// The samples.
const (
	SamplePage     Sample = "page"     // a page's address
	SampleText     Sample = "text"     // a title; event labels, values of dimensions and names of products go the same way
	SampleSearch   Sample = "search"   // what was searched for
	SampleLink     Sample = "link"     // the target of an outlink or download
	SampleReferrer Sample = "referrer" // the address of the page before
)

// Kept is what a sample would leave.
type Kept struct {
	Labels []KeptLabel // none: nothing of it would be kept
	// Reason is why such a hit would not be counted, "" if it would; Labels are
	// then what it would leave if it was.
	Reason string
}

// KeptLabel is a label and the dimension under which it would count.
type KeptLabel struct {
	Dim  foule.Dimension
	Text string
}

// triedAgent is the browser of a sample's hit.
const triedAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"

// Try says what would be kept of a text, by sending a hit with it the usual way;
// it goes no further, and nothing is counted.
func (p *Pipeline) Try(s *Site, sample Sample, text string, now time.Time) Kept {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
	h := Hit{Site: s.ID, Time: now, UserAgent: triedAgent, LocalHour: -1, SearchCount: -1, Goal: -1}
	switch sample {
	case SamplePage:
		h.URL = text
	case SampleSearch:
		h.HasSearch, h.Search = true, text
	case SampleLink:
		h.Link = text
	case SampleReferrer:
		h.Referrer = text
	default:
		h.Title = text
	}
	var kept Kept
	e, _ := p.Event(&h, s)
	if e.Kind == foule.KindExcluded {
		kept.Reason = e.Reason
		open := *s
		open.anyHost, open.ranges, open.agents, open.paths, open.query = true, nil, nil, nil, nil
		e, _ = p.Event(&h, &open)
	}
	kept.Labels = labelsOf(&e)
	return kept
}

// labelsOf lists the labels of an event that come of its free texts.
func labelsOf(e *foule.Event) (list []KeptLabel) {
	for _, l := range []KeptLabel{
		{foule.DimPage, e.Page}, {foule.DimTitle, e.Title}, {foule.DimOutlink, e.Target},
		{foule.DimSearch, e.Search.Keyword}, {foule.DimSearchCategory, e.Search.Category},
		{foule.DimReferrerPage, e.ReferrerPage}, {foule.DimSource, e.Source}, {foule.DimCampaign, e.Campaign.Name}, {foule.DimCampaignSource, e.Campaign.Source},
		{foule.DimCampaignMedium, e.Campaign.Medium}, {foule.DimCampaignTerm, e.Campaign.Term}, {foule.DimCampaignDetail, e.Campaign.Content},
	} {
		if l.Text != "" {
			list = append(list, l)
		}
	}
	return list
}
