package aggregate

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Settings are the thresholds in force. They stand in the header of every
// journal segment; a day keeps those of the segment in which it began.
type Settings struct {
	K           int   // visitors of the day that a plain row's label needs to be named
	KFiltered   int   // the same for rows of two-way tables
	MaxLabels   int   // labels per dimension, site and day; beyond: (other)
	MaxPairs    int   // cells of two-way tables and hours per site and day; beyond: (other)
	MaxVisitors int   // visitors per site and day; the hits of more are left out and counted as such
	VisitLength int64 // seconds without a hit after which a visit is over
}

// maxMaxLabels keeps a day's label numbers within the 25 bits of a cell's packed key.
const maxMaxLabels = 400_000

// DefaultSettings are the standard preset of design §5.
var DefaultSettings = Settings{K: 1, KFiltered: 3, MaxLabels: 10_000, MaxPairs: 500_000, MaxVisitors: 2_000_000, VisitLength: 1800}

var errSettings = errors.New("aggregate: settings are damaged")

// Append writes the settings in the form a segment header carries.
func (s Settings) Append(b []byte) []byte {
	b = append(b, 1) // version
	for _, v := range []int64{int64(s.K), int64(s.KFiltered), int64(s.MaxLabels), int64(s.MaxPairs), int64(s.MaxVisitors), s.VisitLength} {
		b = binary.AppendUvarint(b, uint64(v))
	}
	return b
}

// DecodeSettings reads what Append wrote.
func DecodeSettings(b []byte) (Settings, error) {
	if len(b) == 0 || b[0] != 1 {
		return Settings{}, errSettings
	}
	var v [6]int64
	for i, rest := 0, b[1:]; i < len(v); i++ {
		u, n := binary.Uvarint(rest)
		if n <= 0 || u > 1<<40 {
			return Settings{}, errSettings
		}
		v[i], rest = int64(u), rest[n:]
	}
	s := Settings{int(v[0]), int(v[1]), int(v[2]), int(v[3]), int(v[4]), v[5]}
	return s, s.Validate()
}

// Validate lists what is wrong with the settings.
func (s Settings) Validate() error {
	var faults []error
	if s.K < 1 {
		faults = append(faults, fmt.Errorf("aggregate: k is %d, want at least 1", s.K))
	}
	if s.KFiltered < s.K {
		faults = append(faults, fmt.Errorf("aggregate: k for filtered rows is %d, want at least k (%d)", s.KFiltered, s.K))
	}
	if s.MaxLabels > maxMaxLabels {
		faults = append(faults, fmt.Errorf("aggregate: at most %d labels per dimension can be allowed, not %d", maxMaxLabels, s.MaxLabels))
	}
	if s.MaxLabels < 1 || s.MaxPairs < 1 || s.MaxVisitors < 1 || s.VisitLength < 1 {
		faults = append(faults, fmt.Errorf("aggregate: limits of labels (%d), pairs (%d), visitors (%d) and visit length (%d) must be positive", s.MaxLabels, s.MaxPairs, s.MaxVisitors, s.VisitLength))
	}
	return errors.Join(faults...)
}
