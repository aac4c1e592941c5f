package canary

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// needle is one form of a marker. A folded one is compared with the text in
// lower case.
type needle struct {
	marker *Marker
	form   string
	folded bool
	bytes  []byte
}

func plain(s string) []needle {
	return []needle{{form: "plain", folded: true, bytes: []byte(strings.ToLower(s))}}
}

// texts are the forms in which a text could be kept: any case, percent-encoded,
// hexadecimal, base64 at any place of a longer text, UTF-16.
func texts(s string) (list []needle) {
	list = plain(s)
	for _, variant := range cases(s) {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for lead := range 3 {
				list = append(list, needle{form: "base64", bytes: inBase64(variant, encoding, lead)})
			}
		}
		list = append(list, needle{form: "hexadecimal", folded: true, bytes: []byte(hex.EncodeToString([]byte(variant)))})
	}
	var little, big []byte
	for _, u := range utf16.Encode([]rune(strings.ToLower(s))) {
		little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
	}
	list = append(list, needle{form: "UTF-16", folded: true, bytes: little}, needle{form: "UTF-16, big-endian", folded: true, bytes: big})
	for _, escaped := range distinct(url.QueryEscape(s), url.PathEscape(s)) {
		if escaped != s {
			list = append(list, needle{form: "percent-encoded", folded: true, bytes: []byte(strings.ToLower(escaped))})
		}
	}
	return list
}

// hashed are hashes that anybody could make of a text.
func hashed(s string) (list []needle) {
	for _, variant := range cases(s) {
		list = append(list, hashes([]byte(variant))...)
	}
	return list
}

func cases(s string) []string { return distinct(s, strings.ToLower(s), strings.ToUpper(s)) }

func distinct(list ...string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// hashPart is how many bytes of a hash are looked for.
const hashPart = 8

// hashes are hashes without a key, by which a text or an address could be tried out.
func hashes(b []byte) (list []needle) {
	m, s1, s2 := md5.Sum(b), sha1.Sum(b), sha256.Sum256(b)
	for form, sum := range map[string][]byte{"MD5": m[:], "SHA-1": s1[:], "SHA-256": s2[:]} {
		list = append(list, needle{form: form, bytes: sum[:hashPart]},
			needle{form: form + ", hexadecimal", folded: true, bytes: []byte(hex.EncodeToString(sum[:hashPart]))})
	}
	return list
}

// inBase64 is what of s shows, whatever stands around it, when lead bytes stand
// in front of it in its group of three.
func inBase64(s string, encoding *base64.Encoding, lead int) []byte {
	whole := encoding.EncodeToString(append(make([]byte, lead), s...))
	from := (lead*8 + 5) / 6
	to := (lead + len(s)) * 8 / 6
	return []byte(whole[from:to])
}

// addresses are the forms of an address: as text, as bytes in either order, as
// a number.
func addresses(s string) (list []needle) {
	ip := netip.MustParseAddr(s)
	list = append(texts(ip.String()), hashed(ip.String())...)
	if expanded := ip.StringExpanded(); expanded != ip.String() {
		list = append(list, texts(expanded)...)
	}
	raw := ip.AsSlice()
	list = append(list, hashes(raw)...)
	if ip.Is6() {
		raw = raw[6:] // what truncation has to take
	} else {
		number := binary.BigEndian.Uint32(raw)
		list = append(list, needle{form: "decimal number", bytes: []byte(strconv.FormatUint(uint64(number), 10))})
	}
	back := slices.Clone(raw)
	slices.Reverse(back)
	return append(list,
		needle{form: "bytes", bytes: raw},
		needle{form: "bytes, reversed", bytes: back},
		needle{form: "bytes, hexadecimal", folded: true, bytes: []byte(hex.EncodeToString(raw))},
		needle{form: "bytes, reversed, hexadecimal", folded: true, bytes: []byte(hex.EncodeToString(back))})
}
