package matomo

import (
	"time"

	"foule.eu/foule/anonymize"
)

// Resolve turns the parameters into a hit, or says why Matomo would answer
// 400. auth says that the hit came with a token that may write to the site.
// Without it nothing that needs one gets through: the hit's IP is that of cip
// if auth allows and it is readable, else not valid and for the caller to
// fill in from the connection.
//
// What needs a look-up is left to the caller: whether the site exists, and
// whether the goal does.
func (p *Params) Resolve(now time.Time, auth bool) (anonymize.Hit, *Error) {
	if !p.SiteValid {
		return anonymize.Hit{}, errSite
	}
	if p.marks&needToken != 0 && !auth {
		return anonymize.Hit{}, errToken
	}
	when, fault := p.when(now, auth)
	if fault != nil {
		return anonymize.Hit{}, fault
	}
	// A hit that asks for nothing is not judged on how it asks.
	if p.Rec {
		if fault := p.check(); fault != nil {
			return anonymize.Hit{}, fault
		}
	}
	hit := p.Hit
	hit.Site = p.SiteID
	hit.Time = when
	hit.IP = p.ClientIP
	hit.URL = reencodeQuery(hit.URL, p.charset)
	return hit, nil
}

// check applies the rules for values. What a stronger kind of action
// overrules may be blank.
func (p *Params) check() *Error {
	h := &p.Hit
	isLink := h.Download != "" || h.Link != ""
	isEvent := h.EventCategory != "" && h.EventAction != ""
	switch {
	case p.marks&badVisitorID != 0:
		return errVisitorID
	case p.marks&blankEvent != 0 && !isLink:
		return errBlankEvent
	case p.marks&blankContent != 0 && !isLink && !isEvent:
		return errBlankContent
	case p.marks&anyTiming != 0:
		return errTiming
	case h.CustomAction && !isLink && !isEvent && h.ContentName == "" && !h.HasSearch && h.Goal < 0 && !h.Ping:
		return errNoAction
	}
	return nil
}
