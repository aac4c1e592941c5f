package geo

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/language"

	"foule.eu/foule"
)

type object = map[string]any

func names(en, fr string) object { return object{"en": en, "fr": fr} }

// nestedDB has records as MaxMind writes them.
func nestedDB() *mmdb {
	m := newMMDB("GeoLite2-City")
	m.add("81.2.69.0/24", object{
		"city":      object{"geoname_id": uint32(2988507), "names": names("Paris", "Paris")},
		"continent": object{"code": "EU", "names": names("Europe", "Europe")},
		"country":   object{"iso_code": "FR", "names": names("France", "France")},
		"location":  object{"latitude": 48.8, "longitude": 2.3, "time_zone": "Europe/Paris"},
		"subdivisions": []any{
			object{"iso_code": "IDF", "names": names("Île-de-France", "Île-de-France")},
			object{"iso_code": "75", "names": names("Paris", "Paris")},
		},
	})
	m.add("81.2.70.0/24", object{"country": object{"iso_code": "US"}, "subdivisions": []any{object{"names": names("Ohio", "Ohio")}}})
	m.add("81.2.71.0/24", object{"country": object{"iso_code": "US"}, "subdivisions": []any{object{"iso_code": "Ohio!"}}})
	m.add("81.2.72.0/24", object{"continent": object{"code": "EU"}, "registered_country": object{"iso_code": "DE"}})
	m.add("81.2.73.0/24", object{"continent": object{"code": "XX"}, "country": object{"iso_code": "ZZ"}, "city": object{"names": names("Nowhere", "")}})
	m.add("81.2.74.0/24", object{"country": object{"iso_code": "xk"}})
	m.add("81.2.75.0/24", object{"country": "not a map"})
	m.add("2a01:e00::/48", object{"country": object{"iso_code": "FR"}, "city": object{"names": names("Lyon", "Lyon")}})
	return m
}

// flatDB has records as ip-location-db writes them for cities.
func flatDB() *mmdb {
	m := newMMDB("city ipvAll")
	m.add("81.2.69.0/24", object{"city": "Paris", "country_code": "FR", "latitude": 48.8, "longitude": 2.3, "postcode": "", "state1": "Île-de-France", "state2": "", "timezone": ""})
	m.add("81.2.70.0/24", object{"country_code": "US"})
	m.add("81.2.71.0/24", object{"country_code": "EU"})
	m.add("2a01:e00::/48", object{"city": "", "country_code": "FR"})
	return m
}

func openDB(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestLookup(t *testing.T) {
	paris := foule.Place{Continent: "EU", Country: "FR", Region: "FR-IDF", City: "FR/Paris"}
	us := foule.Place{Continent: "NA", Country: "US"}
	for _, c := range []struct {
		db   *mmdb
		ip   string
		want foule.Place
	}{
		{nestedDB(), "81.2.69.0", paris},
		{nestedDB(), "::ffff:81.2.69.0", paris},
		{nestedDB(), "81.2.70.0", us},
		{nestedDB(), "81.2.71.0", us},
		{nestedDB(), "81.2.72.0", foule.Place{Continent: "EU"}},
		{nestedDB(), "81.2.73.0", foule.Place{}},
		{nestedDB(), "81.2.74.0", foule.Place{Continent: "EU", Country: "XK"}},
		{nestedDB(), "81.2.75.0", foule.Place{}},
		{nestedDB(), "81.2.76.0", foule.Place{}},
		{nestedDB(), "2a01:e00::", foule.Place{Continent: "EU", Country: "FR", City: "FR/Lyon"}},
		{nestedDB(), "2a01:e01::", foule.Place{}},
		{flatDB(), "81.2.69.0", foule.Place{Continent: "EU", Country: "FR", City: "FR/Paris"}},
		{flatDB(), "81.2.70.0", us},
		{flatDB(), "81.2.71.0", foule.Place{}},
		{flatDB(), "2a01:e00::", foule.Place{Continent: "EU", Country: "FR"}},
	} {
		db := openDB(t, c.db.write(t))
		for range 2 { // decoded, then remembered
			if got := db.Lookup(netip.MustParseAddr(c.ip)); got != c.want {
				t.Errorf("%s in %s: %+v, want %+v", c.ip, c.db.kind, got, c.want)
			}
		}
	}
}

func TestLookupOfNoAddress(t *testing.T) {
	db := openDB(t, flatDB().write(t))
	if got := db.Lookup(netip.Addr{}); got != (foule.Place{}) {
		t.Errorf("got %+v", got)
	}
}

func TestDescribe(t *testing.T) {
	for _, c := range []struct {
		db   *mmdb
		want string
	}{
		{nestedDB(), "GeoLite2-City (nested records), built 2026-01-01"},
		{flatDB(), "city ipvAll (flat records), built 2026-01-01"},
	} {
		if got := openDB(t, c.db.write(t)).Describe(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	asn := newMMDB("GeoLite2-ASN")
	asn.add("81.2.69.0/24", object{"autonomous_system_number": uint32(12322)})
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a database of networks": asn.write(t),
		"an empty database":      newMMDB("City").write(t),
		"a text":                 text,
		"a folder":               t.TempDir(),
		"nothing":                filepath.Join(t.TempDir(), "none"),
	} {
		if db, err := Open(path); err == nil {
			t.Errorf("%s: opened as %s", name, db.Describe())
		}
	}
}

func TestLookupsAndCloseAtOnce(t *testing.T) {
	db := openDB(t, nestedDB().write(t))
	ip := netip.MustParseAddr("81.2.69.0")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if got := db.Lookup(ip); got.Country != "FR" && got != (foule.Place{}) {
					t.Errorf("got %+v", got)
				}
			}
		})
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	if got := db.Lookup(ip); got != (foule.Place{}) {
		t.Errorf("after Close: %+v", got)
	}
	if err := db.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestPlacesAreBounded(t *testing.T) {
	db := openDB(t, flatDB().write(t))
	for i := range maxPlaces + 10 {
		db.remember(uintptr(i), foule.Place{Country: "FR"})
	}
	if n := len(db.places); n > maxPlaces {
		t.Errorf("%d places", n)
	}
}

func TestPlaceOf(t *testing.T) {
	for _, c := range []struct {
		country, region, city string
		want                  foule.Place
	}{
		{"fr", "idf", "Paris", foule.Place{Continent: "EU", Country: "FR", Region: "FR-IDF", City: "FR/Paris"}},
		{"JP", "13", "", foule.Place{Continent: "AS", Country: "JP", Region: "JP-13"}},
		{"xx", "IDF", "Paris", foule.Place{}},
		{"", "", "", foule.Place{}},
		{"FRA", "", "", foule.Place{}},
		{"F1", "", "", foule.Place{}},
		{"FR", "Seine", "", foule.Place{Continent: "EU", Country: "FR"}},
	} {
		if got := PlaceOf(c.country, c.region, c.city); got != c.want {
			t.Errorf("%s %s %s: %+v, want %+v", c.country, c.region, c.city, got, c.want)
		}
	}
}

// ISO 3166-1 has 249 countries; x/text knows which codes are countries, but
// also some reserved ones.
func TestEveryCountryHasAContinent(t *testing.T) {
	n := 0
	for _, c := range continents {
		for _, code := range strings.Fields(c.countries) {
			n++
			if got := Continent(strings.ToLower(code)); got != c.code {
				t.Errorf("Continent(%s) = %q, want %q: listed twice?", code, got, c.code)
			}
			if r, err := language.ParseRegion(code); err != nil || !r.IsCountry() || r.String() != code {
				t.Errorf("%s is no country", code)
			}
		}
	}
	if n != 250 {
		t.Errorf("%d countries, want 249 and XK", n)
	}
	// Reserved codes and those of former countries.
	reserved := "AC CP CQ DG EA EZ IC TA UN  AN CS FQ NT PC SU YU"
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err == nil && r.IsCountry() && r.String() == code && r.Canonicalize() == r &&
				!strings.Contains(reserved, code) && Continent(code) == "" {
				t.Errorf("%s has no continent", code)
			}
		}
	}
	for _, code := range []string{"", "F", "FRA", "EU", "UK", "ZZ", "@@", "{{", "É", "1A"} {
		if got := Continent(code); got != "" {
			t.Errorf("Continent(%q) = %q", code, got)
		}
	}
}

// realDB opens the file that the build fetches; see FOULE_GEO_DB in the Makefile.
func realDB(t testing.TB) *DB {
	t.Helper()
	path := os.Getenv("FOULE_GEO_DB")
	if path == "" {
		path = filepath.Join("..", "..", ".cache", "geo", "country.mmdb")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("no database here: set FOULE_GEO_DB to a country or city file")
	}
	return openDB(t, path)
}

func TestRealDatabase(t *testing.T) {
	db := realDB(t)
	t.Log(db.Describe())
	for ip, want := range map[string]string{
		"2a01:e00::": "FR EU", "90.3.20.0": "FR EU", "8.8.8.0": "US NA",
		"193.0.6.0": "NL EU", "210.130.0.0": "JP AS", "200.160.2.0": "BR SA", "196.25.1.0": "ZA AF", "1.1.1.0": "AU OC",
		"10.0.0.0": " ", "127.0.0.0": " ", "::": " ",
	} {
		got := db.Lookup(netip.MustParseAddr(ip))
		if label := got.Country + " " + got.Continent; label != want {
			t.Errorf("%s: %q, want %q", ip, label, want)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	run := func(name string, db *DB, ips []netip.Addr, forget bool) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				db.Lookup(ips[i%len(ips)])
				if i++; forget {
					clear(db.places)
				}
			}
		})
	}
	paris := []netip.Addr{netip.MustParseAddr("81.2.69.0")}
	run("nested", openDB(b, nestedDB().write(b)), paris, false)
	run("nested, not remembered", openDB(b, nestedDB().write(b)), paris, true)
	var spread []netip.Addr
	for i := range 4096 {
		spread = append(spread, netip.AddrFrom4([4]byte{byte(1 + i*7%220), byte(i * 13), byte(i * 31), 0}))
	}
	real := realDB(b)
	run("country file", real, spread, false)
	run("country file, not remembered", real, spread, true)
}

func BenchmarkLookupParallel(b *testing.B) {
	db := openDB(b, nestedDB().write(b))
	ip := netip.MustParseAddr("81.2.69.0")
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			db.Lookup(ip)
		}
	})
}

func Example() {
	fmt.Println(PlaceOf("fr", "IDF", "Paris").City, Continent("FR"), CountryOfLanguage("en-gb"))
	// Output: FR/Paris EU GB
}
