package canary

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// KeyLength is how many bytes a visitor's key has; the secret has twice as many.
const KeyLength = 16

// Keys are the bytes of the day's secret and of visitors' keys, in one piece as
// they were parked: every stretch of a key's length is looked for, as it stands
// and in hexadecimal or base64.
type Keys struct {
	exact, folded map[[KeyLength]byte]string // the form
}

// NewKeys takes the content of a parked file.
func NewKeys(parked []byte) *Keys {
	k := &Keys{exact: map[[KeyLength]byte]string{}, folded: map[[KeyLength]byte]string{}}
	add(k.exact, parked, "bytes")
	add(k.folded, []byte(hex.EncodeToString(parked)), "hexadecimal")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for lead := range 3 {
			add(k.exact, inBase64(string(parked), encoding, lead), "base64")
		}
	}
	return k
}

// add takes the stretches of text, but those of one byte over and over, which
// are no part of a key.
func add(windows map[[KeyLength]byte]string, text []byte, form string) {
	for i := range max(0, len(text)-KeyLength+1) {
		w := [KeyLength]byte(text[i:])
		if strings.Count(string(w[:]), string(w[:1])) < KeyLength {
			windows[w] = form
		}
	}
}

// In says whether a content holds part of a key.
func (k *Keys) In(content []byte) (f Find, found bool) {
	for _, look := range []struct {
		windows map[[KeyLength]byte]string
		text    []byte
	}{{k.exact, content}, {k.folded, fold(content)}} {
		for i := range max(0, len(look.text)-KeyLength+1) {
			if form := look.windows[[KeyLength]byte(look.text[i:])]; form != "" {
				return Find{Marker: &Marker{Kind: Key, Name: "secret or key"}, Form: form, Offset: i}, true
			}
		}
	}
	return Find{}, false
}
