package anonymize

import (
	"math"
	"net/netip"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/device"
	"foule.eu/foule/anonymize/geo"
	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/anonymize/scrub"
)

// Pipeline turns hits into events. It is safe for concurrent use.
type Pipeline struct {
	Truncation Truncation
	Devices    *device.Parser
	Places     *geo.DB // nil: no database
	// CountryFromLanguage guesses the country from the language where no database
	// knows it, as Matomo does by default.
	CountryFromLanguage bool
	Spam                *referrer.SpamList // beside the built-in one; nil for none
	Secrets             *Secrets
}

// Keys are what the sequencer asks Secrets with: who came, and which order was
// placed. They live in memory, as far as the sequencer.
type Keys struct {
	Visitor Key // zero for what has no visitor
	Order   Key // zero for what is no order
}

// Event anonymises a hit of the site. The event lacks only its visitor number,
// which the sequencer asks of Secrets with the key; an excluded hit
// (foule.KindExcluded), and one of a site that tells nobody apart, has no visitor.
// What the site does not collect is emptied in h before anything but the site's
// exclusions looks; nothing of h is kept.
func (p *Pipeline) Event(h *Hit, s *Site) (foule.Event, Keys) {
	e := foule.Event{Site: s.ID, Day: s.Day(h.Time), Time: h.Time.Unix()}
	excludedIP := s.excludesIP(h.IP)
	ip := p.Truncation.Apply(h.IP) // from here on there is no full address
	page, hasPage := splitURL(h.URL)
	l := s.look(h, page, p.Spam)
	w := l.wants
	if !w.everything {
		w.strip(h, &l.dropped)
	}
	browser := p.Devices.Parse(h.UserAgent, device.Hints{
		JSON: h.ClientHints, UA: h.HintUA, Platform: h.HintPlatform,
		PlatformVersion: h.HintPlatformVersion, Model: h.HintModel, Mobile: h.HintMobile,
	})
	if e.Reason = s.exclude(h, excludedIP, browser, l.spam, page); e.Reason != "" {
		e.Kind = foule.KindExcluded
		if e.Reason == ReasonBot || e.Reason == ReasonAIBot {
			e.Crawler = browser.BotName
		}
		return e, Keys{}
	}
	e.Dropped = l.dropped
	if !l.taken {
		e.Kind, e.Reason = foule.KindExcluded, ReasonNotCollected
		return e, Keys{}
	}
	e.Consent, e.Entry, e.NoFlows = l.consent, l.entry, !w.flows
	s.circumstances(&e, h, w)
	if w.devices {
		e.Device = browser.Device
	}
	e.Place = p.place(h, ip, e.Language, w)
	s.acquisition(&e, h, l.from, page, w)
	s.action(&e, h, l.kind, page, hasPage, w)
	if e.Kind != foule.KindPing {
		s.details(&e, h, w)
	}
	if e.Timings = h.Timings; w.visitors { // else there is no visit in which a later hit could find its page view
		e.PageView = p.Secrets.PageView(h.PageViewID)
	}
	leak(&e, h)
	return e, p.keys(h, s, ip, e.Consent, w)
}

// look is what has to be known of a hit before what the site does not collect is
// dropped.
type look struct {
	wants   *wants // what the site takes of it
	kind    foule.Kind
	from    referrer.Verdict
	spam    bool
	consent foule.Consent
	taken   bool // the site collects what it is
	entry   bool // it begins a visit, where nobody is told apart
	dropped foule.Dropped
}

func (s *Site) look(h *Hit, page address, spam *referrer.SpamList) look {
	l := look{wants: s.plain, kind: kindOf(h), from: referrer.Classify(h.Referrer)}
	l.spam = l.from.Spam || spam.Has(h.Referrer)
	if s.consent {
		l.consent = foule.ConsentNo
		if h.Consent {
			l.consent, l.wants = foule.ConsentYes, s.consented
		}
	}
	switch w := l.wants; {
	case !w.referrers || s.sendsNobody(h.Referrer):
		l.from = referrer.Verdict{Channel: foule.ChannelDirect}
	case !w.channels:
		l.from = referrer.Website(h.Referrer)
	}
	l.taken = l.wants.everything || l.wants.takes(l.kind, h)
	l.entry = !l.wants.visitors && s.begins(l.kind, h.Referrer, page)
	l.dropped = h.Sent.Without(&l.wants.used)
	s.discarded(l.wants, &page, h.Referrer, &l.dropped)
	return l
}

// circumstances are what a hit says of when and how.
func (s *Site) circumstances(e *foule.Event, h *Hit, w *wants) {
	e.ServerHour = uint8(h.Time.In(s.Location).Hour())
	switch {
	case !w.localTime:
		e.LocalHour = foule.NoHour
	case h.LocalHour >= 0:
		e.LocalHour = uint8(h.LocalHour)
	default:
		e.LocalHour = e.ServerHour
	}
	e.NewVisit = h.NewVisit
	e.Resolution = resolution(h.Resolution)
	e.Language = referrer.Language(h.AcceptLanguage)
}

// details are what only some hits have.
func (s *Site) details(e *foule.Event, h *Hit, w *wants) {
	if w.goals {
		s.conversions(e, h, w)
	}
	if w.goals && w.visitors { // steps have an order, which only a visit knows
		s.steps(e, h)
	}
	if s.consented.dimensions { // also of visits without consent: theirs have no value
		s.values(e, h)
	}
	s.basket(e, h)
}

// keys derives what the sequencer tells visitors and orders apart by: no visitor's
// where the site wants nobody told apart, and then no secret either, unless there
// is an order, of whose id alone its key is made.
func (p *Pipeline) keys(h *Hit, s *Site, ip netip.Addr, consent foule.Consent, w *wants) (keys Keys) {
	if w.visitors {
		keys.Visitor = p.Secrets.Key(s, h.Time, ip, h.UserAgent, h.AcceptLanguage, consent)
	}
	if h.Goal == 0 {
		keys.Order = p.Secrets.OrderKey(s, h.Time, h.OrderID)
	}
	return keys
}

func (p *Pipeline) place(h *Hit, ip netip.Addr, language string, w *wants) foule.Place {
	if h.Country != "" { // an override, only ever set with a token
		return override(h)
	}
	var place foule.Place
	if !w.places {
		return place
	}
	if p.Places != nil && ip.IsValid() {
		place = p.Places.Lookup(ip)
	}
	if place.Country == "" && p.CountryFromLanguage {
		place.Country = geo.CountryOfLanguage(language)
		place.Continent = geo.Continent(place.Country)
	}
	if !w.regions {
		place.Region = ""
	}
	if !w.cities {
		place.City = ""
	}
	return place
}

// override is the place that the hit names itself.
func override(h *Hit) foule.Place {
	return geo.PlaceOf(h.Country, h.Region, scrub.Label(scrub.Text(h.City)))
}

// resolution keeps WxH of plausible numbers and nothing else.
func resolution(s string) string {
	w, h, ok := strings.Cut(s, "x")
	if !ok || !isPixels(w) || !isPixels(h) {
		return ""
	}
	return s
}

func isPixels(s string) bool {
	if len(s) < 2 || len(s) > 5 || s[0] == '0' {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// minor turns an amount of money into minor units; what is no number is nothing.
func minor(amount float64) int64 { return scaled(amount, 100) }

// maxMinor bounds an amount: nine million of the largest make no sum overflow.
const maxMinor = 1e12

// scaled rounds x*factor into the range that sums of a lifetime stay exact in.
func scaled(x, factor float64) int64 {
	x = math.Round(x * factor)
	if math.IsNaN(x) {
		return 0
	}
	return int64(max(-maxMinor, min(maxMinor, x)))
}
