package canary

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"foule.eu/foule"
)

// TestSearchFinds: a search that finds nothing proves something only if it
// would find what is there.
func TestSearchFinds(t *testing.T) {
	const word, ip4, ip6 = "Marker.One@hidden.example", "203.0.113.197", "2001:db8:77aa:bb01:cc02:dd03:ee04:ff05"
	var m Markers
	m.Text(Person, Never, "word", 1, word)
	m.Addr("v4", 1, ip4)
	m.Addr("v6", 1, ip6)
	v4, v6 := netip.MustParseAddr(ip4), netip.MustParseAddr(ip6)
	reversed := v4.AsSlice()
	slices.Reverse(reversed)
	mapped := v4.As16()
	hash := sha256.Sum256([]byte(ip4))
	wide := ""
	for _, u := range utf16.Encode([]rune(word)) {
		wide += string([]byte{byte(u >> 8), byte(u)})
	}
	for name, hidden := range map[string]string{
		"plain": word, "lower": strings.ToLower(word), "upper": strings.ToUpper(word),
		"query": url.QueryEscape(word), "base64 0": base64.StdEncoding.EncodeToString([]byte(word)),
		"base64 1": base64.StdEncoding.EncodeToString([]byte("a" + word + "bc")), "base64 2": base64.URLEncoding.EncodeToString([]byte("ab" + word)),
		"hex": hex.EncodeToString([]byte(word)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(word))), "UTF-16": wide,
		"v4": ip4, "v4 bytes": string(v4.AsSlice()), "v4 reversed": string(reversed), "v4 mapped": string(mapped[:]),
		"v4 hex": hex.EncodeToString(reversed), "v4 number": "3405803973", "v4 hash": hex.EncodeToString(hash[:]), "v4 hash bytes": string(hash[:]),
		"v6": strings.ToUpper(ip6), "v6 bytes": string(v6.AsSlice()), "v6 expanded": v6.StringExpanded(), "v6 hex": hex.EncodeToString(v6.AsSlice()),
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f"), []byte("some text "+hidden+" more text\x00\x00"), 0o600); err != nil {
			t.Fatal(err)
		}
		contents, err := Files(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, content := range contents {
			if len(Wrong(m.In(content), true)) == 0 {
				t.Errorf("%s is not found", name)
			}
		}
	}
	if found := m.In([]byte("some text of no interest")); len(found) > 0 {
		t.Errorf("found %q where there is nothing", found)
	}
}

// TestKeysFound: a piece of a key is found in any form, and nothing else is.
func TestKeysFound(t *testing.T) {
	parked := make([]byte, 200)
	rand.Read(parked)
	keys := NewKeys(parked)
	part := parked[77 : 77+KeyLength+2]
	for name, hidden := range map[string]string{
		"bytes": string(part), "hex": hex.EncodeToString(part), "HEX": strings.ToUpper(hex.EncodeToString(part)),
		"base64": base64.StdEncoding.EncodeToString(append([]byte("a"), part...)), "base64 of a URL": base64.RawURLEncoding.EncodeToString(part),
	} {
		if _, found := keys.In([]byte("some text " + hidden + " more text")); !found {
			t.Errorf("%s is not found", name)
		}
	}
	other := make([]byte, 100_000)
	rand.Read(other)
	for _, content := range [][]byte{other, make([]byte, 100), nil} {
		if f, found := keys.In(content); found {
			t.Errorf("%s at %d is found where there is nothing", f, f.Offset)
		}
	}
}

// TestPlan: plans share no marker, each probe of one has a text of its own, and
// what a site keeps on purpose is not called a leak.
func TestPlan(t *testing.T) {
	one, two := NewPlan(Options{Token: "0123456789abcdef0123456789abcdef", Header: "X-Forwarded-For"}), NewPlan(Options{Token: "fedcba9876543210fedcba9876543210", Sharers: 3, Header: "X-Real-Ip"})
	one.Add(foule.Site{ID: 1})
	one.Peers()
	two.Add(foule.Site{ID: 1, Hosts: []string{"*.example.com"}, KeepQuery: []string{"email", "gclid"}, KeepFragment: true, IgnoreDNT: true, Dimensions: []foule.CustomDimension{{ID: 4}}})
	for _, m := range one.List() {
		if m.Class == Never && len(Wrong(two.In([]byte(m.Text)), true)) > 0 {
			t.Errorf("%s, %s is a marker of another plan as well", m.Kind, m.Name)
		}
		if found := one.In([]byte("x" + strings.ToUpper(m.Text) + "x")); len(found) == 0 {
			t.Errorf("%s, %s is not found", m.Kind, m.Name)
		}
	}
	classes := map[string]Class{}
	kinds := map[Kind]int{}
	for _, m := range two.List() {
		classes[m.Name] = m.Class
		kinds[m.Kind]++
	}
	for name, want := range map[string]Class{
		"queryemail": Chosen, "querygclid": Never, "pagefragment": Chosen, "referrerfragment": Never, "leftoutdnt": Chosen, "leftoutgpc": Never, "title": Kept, "uid": Never,
	} {
		if got, there := classes[name]; !there || got != want {
			t.Errorf("%s has class %d (there: %t), want %d", name, got, there, want)
		}
	}
	for _, k := range []Kind{Address, Agent, Hint, Language, Visitor, User, Order, Person, Token, Cookie, Header, Referrer, Query, Fragment, UserInfo, Parameter, Place, LeftOut, Malformed, Counted} {
		if kinds[k] == 0 {
			t.Errorf("no marker is of kind %s", k)
		}
	}
	if len(two.Counting) == 0 || !strings.Contains(two.Counting[0].Body, "www.example.com") || strings.Count(two.Counting[0].Body, "idsite") != 3 {
		t.Errorf("what is counted is not sent by three visitors to the site's host: %v", two.Counting)
	}
}
