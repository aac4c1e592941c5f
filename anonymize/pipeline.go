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
	Visitor Key
	Order   Key // zero for what is no order
}

// Event anonymises a hit of the site. The event lacks only its visitor number,
// which the sequencer asks of Secrets with the key; an excluded hit
// (foule.KindExcluded) has no visitor. What is in h is not touched, and not
// kept either.
func (p *Pipeline) Event(h *Hit, s *Site) (foule.Event, Keys) {
	e := foule.Event{Site: s.ID, Day: s.Day(h.Time), Time: h.Time.Unix()}
	excludedIP := s.excludesIP(h.IP)
	ip := p.Truncation.Apply(h.IP) // from here on there is no full address
	browser := p.Devices.Parse(h.UserAgent, device.Hints{
		JSON: h.ClientHints, UA: h.HintUA, Platform: h.HintPlatform,
		PlatformVersion: h.HintPlatformVersion, Model: h.HintModel, Mobile: h.HintMobile,
	})
	page, hasPage := splitURL(h.URL)
	from := referrer.Classify(h.Referrer)
	if e.Reason = s.exclude(h, excludedIP, browser, from.Spam || p.Spam.Has(h.Referrer), page); e.Reason != "" {
		e.Kind = foule.KindExcluded
		if e.Reason == ReasonBot || e.Reason == ReasonAIBot {
			e.Crawler = browser.BotName
		}
		return e, Keys{}
	}
	if s.sendsNobody(h.Referrer) {
		from = referrer.Verdict{Channel: foule.ChannelDirect}
	}
	e.ServerHour = uint8(h.Time.In(s.Location).Hour())
	e.LocalHour = e.ServerHour
	if h.LocalHour >= 0 {
		e.LocalHour = uint8(h.LocalHour)
	}
	e.NewVisit = h.NewVisit
	e.Device = browser.Device
	e.Resolution = resolution(h.Resolution)
	e.Language = referrer.Language(h.AcceptLanguage)
	e.Place = p.place(h, ip, e.Language)
	s.acquisition(&e, h, from, page)
	s.action(&e, h, page, hasPage)
	if e.Kind != foule.KindPing {
		s.conversions(&e, h)
		s.steps(&e, h)
		s.values(&e, h)
		s.basket(&e, h)
	}
	keys := Keys{Visitor: p.Secrets.Key(s, h.Time, ip, h.UserAgent, h.AcceptLanguage)}
	if h.Goal == 0 {
		keys.Order = p.Secrets.OrderKey(s, h.Time, h.OrderID)
	}
	e.Timings, e.PageView = h.Timings, p.Secrets.PageView(h.PageViewID)
	leak(&e, h)
	return e, keys
}

func (p *Pipeline) place(h *Hit, ip netip.Addr, language string) foule.Place {
	if h.Country != "" { // an override, only ever set with a token
		return override(h)
	}
	var place foule.Place
	if p.Places != nil && ip.IsValid() {
		place = p.Places.Lookup(ip)
	}
	if place.Country == "" && p.CountryFromLanguage {
		place.Country = geo.CountryOfLanguage(language)
		place.Continent = geo.Continent(place.Country)
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
