package storage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"foule.eu/foule"
)

// Eraser is what taking figures back takes: for the operator's commands and the
// dashboard's administrators. It is no part of Writer: the public process may
// not do it (invariant I7).
//
// # What keeps standing
//
// The collector may hold what is erased for a while after: in memory until it
// forgets the day, in its journal while the store is away. So an erasure that
// reaches into days still open stands for EraseStands: RepeatErasures takes what
// came since. A label stands as a salted hash, not as a text.
type Eraser interface {
	// FindLabels lists the labels that an erasure would take, by dimension and text;
	// it changes nothing. More than MaxErasedLabels are ErrEraseOrder.
	FindLabels(ctx context.Context, site foule.SiteID, m LabelMatch) ([]FoundLabel, error)
	// Erase notes the erasure, does it, and gives it as noted. After an error it may
	// be half done: it stands in the list without Done, and RepeatErasures goes on.
	// ErrNotFound if there is no such site, ErrEraseOrder if it makes no sense.
	Erase(ctx context.Context, o EraseOrder) (Erasure, error)
	// Erasures lists all there ever were, the latest first.
	Erasures(ctx context.Context) ([]Erasure, error)
	// RepeatErasures goes on with what was broken off and does again what stands;
	// what stands no longer loses its hashes.
	RepeatErasures(ctx context.Context, now time.Time) error
}

// ErrEraseOrder is wrapped by errors about an erasure that makes no sense; the
// text says why.
var ErrEraseOrder = errors.New("this cannot be erased")

const (
	// EraseStands is how long an erasure is repeated. The collector keeps a day for
	// three days from its beginning at most; one more is for a store that was away.
	EraseStands = 4 * 24 * time.Hour
	// openDays is how many days before today may still be in the collector's memory.
	openDays = 3
	// MaxErasedLabels bounds what one erasure takes by a part of labels.
	MaxErasedLabels = 10_000
)

// ErasureKind says what an erasure takes.
type ErasureKind string

// The kinds.
const (
	ErasedSite  ErasureKind = "site"  // with its settings, goals and tokens; its number is never given again
	ErasedRange ErasureKind = "range" // days of a site, and the hours and minutes that lie in them
	ErasedLabel ErasureKind = "label" // labels move into foule.Other, on either side of two-way rows
)

// EraseOrder is what is to be erased, and who wants it.
type EraseOrder struct {
	Kind     ErasureKind
	Site     foule.SiteID
	From, To foule.Day  // ErasedRange: both inclusive
	Match    LabelMatch // ErasedLabel
	User     int64      // 0: the command line
	At       time.Time
}

// LabelMatch says which labels.
type LabelMatch struct {
	Dim  foule.Dimension // DimTotal: of every dimension
	Text string
	// Contains takes every label that contains the text, ignoring case of ASCII
	// letters; otherwise it is the label.
	Contains bool
}

// Check says what is wrong with a match.
func (m LabelMatch) Check() error {
	switch {
	case m.Text == "":
		return fmt.Errorf("%w: the empty label holds nothing of anybody", ErrEraseOrder)
	case len(m.Text) > foule.MaxLabelBytes:
		return fmt.Errorf("%w: no label is longer than %d bytes", ErrEraseOrder, foule.MaxLabelBytes)
	case m.Text == foule.Other && !m.Contains:
		return fmt.Errorf("%w: %s is where erased labels go", ErrEraseOrder, foule.Other)
	case m.Dim >= foule.NumDimensions:
		return fmt.Errorf("%w: there is no such dimension", ErrEraseOrder)
	}
	return nil
}

// Matches says whether a label is meant.
func (m LabelMatch) Matches(dim foule.Dimension, label string) bool {
	switch {
	case label == "" || label == foule.Other || m.Dim != foule.DimTotal && m.Dim != dim:
		return false
	case m.Contains:
		return strings.Contains(LowerASCII(label), LowerASCII(m.Text))
	}
	return label == m.Text
}

// LowerASCII lowers the letters A to Z and leaves all else as it is.
func LowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// FoundLabel is a label that an erasure would take.
type FoundLabel struct {
	Dim   foule.Dimension
	Label string
	Rows  int64 // by hour and day, on either side
	Days  int64 // different ones among the rows by day
}

// Erasure is an entry of the audit trail. It never holds a label's text.
type Erasure struct {
	ID       int64
	Kind     ErasureKind
	Site     foule.SiteID
	Dim      foule.Dimension // ErasedLabel; DimTotal: of every dimension
	Contains bool
	From, To foule.Day // ErasedRange
	Labels   int64     // ErasedLabel: how many were found
	Rows     int64     // how many rows were taken, by minute, hour and day, repetitions included
	User     int64     // 0: the command line
	Begun    int64     // Unix seconds
	Done     int64     // Unix seconds; 0 until it is
	Until    int64     // Unix seconds until which it stands; 0 if it does not
	// Salt and Hashes are of the labels, see LabelHash; gone once it stands no longer.
	Salt   string
	Hashes [][32]byte
}

// NewErasure makes the entry for an order; found are the labels that its match
// finds. It returns ErrEraseOrder if the order makes no sense.
func NewErasure(site *foule.Site, o EraseOrder, found []FoundLabel) (Erasure, error) {
	e := Erasure{Kind: o.Kind, Site: o.Site, User: o.User, Begun: o.At.Unix(), Until: o.At.Add(EraseStands).Unix()}
	switch o.Kind {
	case ErasedSite:
		return e, nil
	case ErasedRange:
		e.From, e.To = o.From, o.To
		return e, e.checkRange(site, o.At)
	case ErasedLabel:
		e.Dim, e.Contains = o.Match.Dim, o.Match.Contains
		e.setLabels(o.Match, found)
		return e, o.Match.Check()
	}
	return e, fmt.Errorf("%w: there is no erasure of kind %q", ErrEraseOrder, o.Kind)
}

// checkRange refuses days to come, and lets days that are over not stand: who
// imports them anew keeps what was imported.
func (e *Erasure) checkRange(site *foule.Site, now time.Time) error {
	loc, err := zone(site)
	if err != nil {
		return err
	}
	today := foule.DayOf(now, loc)
	switch {
	case e.To < e.From:
		return fmt.Errorf("%w: %s is before %s", ErrEraseOrder, e.To, e.From)
	case e.To > today:
		return fmt.Errorf("%w: %s is still to come", ErrEraseOrder, e.To)
	case e.To < today-openDays:
		e.Until = 0
	}
	return nil
}

// setLabels notes the hashes of what was found; a whole label stands also
// before it is seen.
func (e *Erasure) setLabels(m LabelMatch, found []FoundLabel) {
	e.Salt, e.Labels = newSalt(), int64(len(found))
	for _, text := range ErasedTexts(m, found) {
		e.Hashes = append(e.Hashes, LabelHash(e.Salt, text))
	}
}

// ErasedTexts gives each text that an erasure takes once: the label that is
// asked for, found or not, and those that were found.
func ErasedTexts(m LabelMatch, found []FoundLabel) (texts []string) {
	seen := map[string]bool{}
	take := func(text string) {
		if !seen[text] {
			seen[text] = true
			texts = append(texts, text)
		}
	}
	if !m.Contains {
		take(m.Text)
	}
	for _, f := range found {
		take(f.Label)
	}
	return texts
}

func newSalt() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// LabelHash is what stands for a label: the SHA-256 of the salt and the text.
// Who has the store may try a guess against it as long as it stands.
func LabelHash(salt, label string) [32]byte { return sha256.Sum256([]byte(salt + label)) }

// HashBytes are the hashes one behind the other, as engines keep them.
func (e *Erasure) HashBytes() []byte {
	b := make([]byte, 0, len(e.Hashes)*sha256.Size)
	for _, h := range e.Hashes {
		b = append(b, h[:]...)
	}
	return b
}

// SetHashBytes reads what HashBytes gave.
func (e *Erasure) SetHashBytes(b []byte) {
	for ; len(b) >= sha256.Size; b = b[sha256.Size:] {
		e.Hashes = append(e.Hashes, [sha256.Size]byte(b))
	}
}

// Takes gives a function that says whether a label is one of the erasure's.
func (e *Erasure) Takes() func(dim foule.Dimension, label string) bool {
	hashes := make(map[[32]byte]bool, len(e.Hashes))
	for _, h := range e.Hashes {
		hashes[h] = true
	}
	return func(dim foule.Dimension, label string) bool {
		if e.Dim != foule.DimTotal && e.Dim != dim || label == "" || label == foule.Other {
			return false
		}
		return hashes[LabelHash(e.Salt, label)]
	}
}

// Due says whether there is something to do, again or still.
func (e *Erasure) Due(now time.Time) bool { return e.Done == 0 || e.Until > now.Unix() }

// Settled says whether the hashes are of no use any more.
func (e *Erasure) Settled(now time.Time) bool { return !e.Due(now) && len(e.Hashes) > 0 }

// Span is what an erasure of days takes of each table, the ends not included.
type Span struct {
	FromDay, ToDay       foule.Day
	FromHour, ToHour     int64 // Unix hours
	FromMinute, ToMinute int64 // Unix minutes
}

// Days gives what an erasure of days takes in the site's zone; once it is done,
// only days that were open then. An hour that lies in two days, where a zone is
// off by half an hour, goes with either.
func (e *Erasure) Days(site *foule.Site) (Span, error) {
	loc, err := zone(site)
	if err != nil {
		return Span{}, err
	}
	from := e.From
	if e.Done != 0 {
		from = max(from, foule.DayOf(time.Unix(e.Begun, 0), loc)-openDays)
	}
	begin, end := from.Start(loc).Unix(), (e.To + 1).Start(loc).Unix()
	return Span{
		FromDay: from, ToDay: e.To + 1,
		FromHour: floor(begin, 3600), ToHour: -floor(-end, 3600),
		FromMinute: floor(begin, 60), ToMinute: -floor(-end, 60),
	}, nil
}

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func zone(site *foule.Site) (*time.Location, error) {
	loc, err := time.LoadLocation(site.Timezone)
	if err != nil {
		return nil, fmt.Errorf("zone of site %d: %w", site.ID, err)
	}
	return loc, nil
}
