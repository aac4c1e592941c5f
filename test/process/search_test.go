package process

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// markers are what may be found nowhere. A needle is compared as it stands, or
// against the text in lower case.
type markers struct {
	exact, folded []needle
}

type needle struct {
	name  string
	bytes []byte
}

// text registers a text in the forms in which it could be kept: any case,
// percent-encoded, hexadecimal, base64 at any place of a longer text, UTF-16.
func (m *markers) text(s string) string {
	for _, variant := range []string{s, strings.ToLower(s), strings.ToUpper(s)} {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for lead := range 3 {
				m.exact = append(m.exact, needle{s + " in base64", inBase64(variant, encoding, lead)})
			}
		}
		m.folded = append(m.folded, needle{s + " in hexadecimal", []byte(hex.EncodeToString([]byte(variant)))})
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(strings.ToLower(s))) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	m.folded = append(m.folded, needle{s, []byte(strings.ToLower(s))}, needle{s + " in UTF-16", wide})
	for _, escaped := range []string{url.QueryEscape(s), url.PathEscape(s)} {
		m.folded = append(m.folded, needle{s + " percent-encoded", []byte(strings.ToLower(escaped))})
	}
	return s
}

// inBase64 is what of s shows, whatever stands around it, when lead bytes stand
// in front of it in its group of three.
func inBase64(s string, encoding *base64.Encoding, lead int) []byte {
	whole := encoding.EncodeToString(append(make([]byte, lead), s...))
	from := (lead*8 + 5) / 6
	to := (lead + len(s)) * 8 / 6
	return []byte(whole[from:to])
}

// address registers an address as text and as bytes in either order.
func (m *markers) address(s string) string {
	ip := netip.MustParseAddr(s)
	m.text(ip.String())
	m.text(ip.StringExpanded())
	raw := ip.AsSlice()
	if ip.Is6() {
		raw = raw[6:] // what truncation has to take
	}
	m.exact = append(m.exact, needle{s + " in bytes", raw})
	back := slices.Clone(raw)
	slices.Reverse(back)
	m.exact = append(m.exact, needle{s + " in bytes, reversed", back})
	return s
}

// in lists the markers that a content holds, with what stands around them.
func (m *markers) in(content []byte) (found []string) {
	found = search(found, content, content, m.exact)
	return search(found, content, fold(content), m.folded)
}

func search(found []string, content, form []byte, needles []needle) []string {
	for _, n := range needles {
		if i := bytes.Index(form, n.bytes); i >= 0 {
			around := content[max(0, i-40):min(len(content), i+len(n.bytes)+40)]
			found = append(found, fmt.Sprintf("%s: …%q…", n.name, around))
		}
	}
	return found
}

// fold is bytes.ToLower for ASCII, which leaves other bytes as they are.
func fold(b []byte) []byte {
	lower := bytes.Clone(b)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}

// files reads every file below a folder; zeros at the end are left out, and
// so is what vanishes meanwhile.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	contents := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) || err == nil && d.IsDir() {
			return nil
		}
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil
		}
		contents[path] = bytes.TrimRight(b, "\x00")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// TestSearchFinds: a search that finds nothing proves something only if it
// would find what is there.
func TestSearchFinds(t *testing.T) {
	const word, ip4, ip6 = "Marker.One@hidden.example", "203.0.113.197", "2001:db8:77aa:bb01:cc02:dd03:ee04:ff05"
	var m markers
	m.text(word)
	m.address(ip4)
	m.address(ip6)
	v4, v6 := netip.MustParseAddr(ip4), netip.MustParseAddr(ip6)
	reversed := v4.AsSlice()
	slices.Reverse(reversed)
	mapped := v4.As16()
	for name, hidden := range map[string]string{
		"plain": word, "lower": strings.ToLower(word), "upper": strings.ToUpper(word),
		"query": url.QueryEscape(word), "base64 0": base64.StdEncoding.EncodeToString([]byte(word)),
		"base64 1": base64.StdEncoding.EncodeToString([]byte("a" + word + "bc")), "base64 2": base64.URLEncoding.EncodeToString([]byte("ab" + word)),
		"hex": hex.EncodeToString([]byte(word)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(word))),
		"v4": ip4, "v4 bytes": string(v4.AsSlice()), "v4 reversed": string(reversed), "v4 mapped": string(mapped[:]),
		"v6": strings.ToUpper(ip6), "v6 bytes": string(v6.AsSlice()), "v6 expanded": v6.StringExpanded(),
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f"), []byte("some text "+hidden+" more text"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, content := range files(t, dir) {
			if len(m.in(content)) == 0 {
				t.Errorf("%s is not found", name)
			}
		}
	}
	if found := m.in([]byte("some text of no interest")); len(found) > 0 {
		t.Errorf("found %q where there is nothing", found)
	}
}
