package foule

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// eventVersion is the first byte of an encoded event. docs/formats/event.md
// draws the bytes.
const eventVersion = 3

var errShortEvent = errors.New("event: record ends early")

// AppendEvent appends the event's journal form to b. Equal events give equal bytes.
func AppendEvent(b []byte, e *Event) []byte {
	b = append(b, eventVersion, byte(e.Kind), eventFlags(e), e.ServerHour, e.LocalHour)
	b = binary.AppendUvarint(b, uint64(e.Site))
	b = binary.AppendVarint(b, int64(e.Day))
	b = binary.AppendVarint(b, e.Time)
	b = binary.AppendUvarint(b, uint64(e.Visitor))
	if e.Kind == KindExcluded {
		return e.Dropped.append(appendString(appendString(b, e.Reason), e.Crawler))
	}
	for _, s := range e.strings() {
		b = appendString(b, *s)
	}
	b = binary.AppendVarint(b, e.Custom.ValueMilli)
	b = binary.AppendUvarint(b, uint64(len(e.Conversions)))
	for _, c := range e.Conversions {
		flags := byte(0)
		if c.Multiple {
			flags |= 1
		}
		if c.After != 0 {
			flags |= 2
		}
		b = append(b, flags)
		b = binary.AppendUvarint(b, uint64(c.Goal))
		b = binary.AppendVarint(b, c.RevenueMinor)
		if c.After != 0 {
			b = binary.AppendUvarint(b, uint64(c.After))
		}
	}
	return appendParts(b, e)
}

// DecodeEvent reads what AppendEvent wrote into e, overwriting all of it. The
// event's strings are copies: b may be reused.
func DecodeEvent(b []byte, e *Event) error {
	*e = Event{}
	if len(b) < 5 {
		return errShortEvent
	}
	if b[0] != eventVersion {
		return fmt.Errorf("event: format version %d, this build reads %d", b[0], eventVersion)
	}
	if k := Kind(b[1]); k < KindPageView || k > KindExcluded {
		return fmt.Errorf("event: unknown kind %d", b[1])
	}
	e.Kind = Kind(b[1])
	e.setFlags(b[2])
	if e.Consent > ConsentYes {
		return fmt.Errorf("event: unknown consent %d", e.Consent)
	}
	e.ServerHour, e.LocalHour = b[3], b[4]
	r := eventReader{text: string(b[5:])}
	e.Site = SiteID(r.uvarint())
	e.Day = Day(r.varint())
	e.Time = r.varint()
	e.Visitor = uint32(r.uvarint())
	if e.Kind == KindExcluded {
		e.Reason, e.Crawler = r.string(), r.string()
		r.dropped(&e.Dropped)
		return r.end()
	}
	for _, s := range e.strings() {
		*s = r.string()
	}
	e.Custom.ValueMilli = r.varint()
	e.Conversions = list[Conversion](&r)
	for i := range e.Conversions {
		c := &e.Conversions[i]
		flags := r.byte()
		c.Multiple = flags&1 != 0
		c.Goal = uint32(r.uvarint())
		c.RevenueMinor = r.varint()
		if flags&2 != 0 {
			c.After = uint32(r.uvarint())
		}
	}
	r.parts(e)
	return r.end()
}

// The bits of the byte of flags; the highest two are Consent.
const (
	flagNewVisit = 1 << iota
	flagNoResult
	flagHasValue
	flagInteraction
	flagEntry
	flagNoFlows
	consentShift = iota
)

func eventFlags(e *Event) byte {
	f := byte(e.Consent) << consentShift
	for _, flag := range []struct {
		bit byte
		on  bool
	}{
		{flagNewVisit, e.NewVisit}, {flagNoResult, e.Search.NoResult}, {flagHasValue, e.Custom.HasValue},
		{flagInteraction, e.Content.Interaction}, {flagEntry, e.Entry}, {flagNoFlows, e.NoFlows},
	} {
		if flag.on {
			f |= flag.bit
		}
	}
	return f
}

func (e *Event) setFlags(f byte) {
	e.NewVisit = f&flagNewVisit != 0
	e.Search.NoResult = f&flagNoResult != 0
	e.Custom.HasValue = f&flagHasValue != 0
	e.Content.Interaction = f&flagInteraction != 0
	e.Entry = f&flagEntry != 0
	e.NoFlows = f&flagNoFlows != 0
	e.Consent = Consent(f >> consentShift)
}

// strings lists the event's text fields in the order of the journal form: only
// append, together with eventVersion.
func (e *Event) strings() [28]*string {
	return [...]*string{
		&e.Page, &e.Title,
		(*string)(&e.Channel), &e.Source, &e.ReferrerPage,
		&e.Campaign.Name, &e.Campaign.Source, &e.Campaign.Medium, &e.Campaign.Term, &e.Campaign.Content,
		&e.Place.Continent, &e.Place.Country, &e.Place.Region, &e.Place.City, &e.Language,
		&e.Device.Type, &e.Device.Brand, &e.Device.Browser, &e.Device.BrowserVersion, &e.Device.OS, &e.Device.OSVersion,
		&e.Resolution, &e.Target,
		&e.Search.Keyword, &e.Search.Category,
		&e.Custom.Category, &e.Custom.Action, &e.Custom.Name,
	}
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// eventReader walks an encoded event; after the first fault it yields zeros.
type eventReader struct {
	text string
	bad  bool
}

func (r *eventReader) byte() byte {
	if len(r.text) == 0 {
		r.bad = true
		return 0
	}
	c := r.text[0]
	r.text = r.text[1:]
	return c
}

func (r *eventReader) uvarint() uint64 {
	var v uint64
	for shift := uint(0); shift < 64; shift += 7 {
		c := r.byte()
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return v
		}
	}
	r.bad = true
	return 0
}

func (r *eventReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (r *eventReader) string() string {
	n := r.uvarint()
	if n > uint64(len(r.text)) {
		r.bad = true
		return ""
	}
	s := r.text[:n]
	r.text = r.text[n:]
	return s
}

// list makes room for as many elements as the record says that follow.
func list[T any](r *eventReader) []T {
	n := r.uvarint()
	if n > uint64(len(r.text)) { // each takes a byte at least
		r.bad = true
	}
	if n == 0 || r.bad {
		return nil
	}
	return make([]T, n)
}

func (r *eventReader) end() error {
	if r.bad {
		return errShortEvent
	}
	if r.text != "" {
		return fmt.Errorf("event: %d bytes too many", len(r.text))
	}
	return nil
}
