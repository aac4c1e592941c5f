// Package geo knows where a truncated address lies. It is a leaf of the
// anonymisation stage: in comes an address that has lost its last part, or a
// language tag, out go the labels of a [foule.Place]. It keeps neither: what it
// remembers is the places of the database's own records, as few words, and
// never a coordinate.
//
// The database is any file of the MaxMind format with a country in it: of
// MaxMind's own shape (GeoLite2 and GeoIP2 City, Country, Enterprise, DB-IP's
// likes of them) or flat, as ip-location-db's. Without one, [CountryOfLanguage]
// guesses the country as Matomo does.
package geo

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"

	"github.com/oschwald/geoip2-golang/v2"
	"github.com/oschwald/maxminddb-golang/v2"

	"foule.eu/foule"
)

// DB is an open database, safe for concurrent use.
type DB struct {
	flat        bool // records are flat maps of strings
	description string

	mu     sync.RWMutex            // guards what follows; a look-up holds it for reading
	reader *maxminddb.Reader       // nil after Close
	places map[uintptr]foule.Place // by the offset of the record, which many networks share
}

// maxPlaces bounds what is remembered, some 4 MB; a country file has 250 places.
const maxPlaces = 1 << 15

// Open opens the database at path, which has to stay as it is while it is open:
// to update it, put a new file in its place by a rename and Open that. A file
// that names no country is refused.
func Open(path string) (*DB, error) {
	reader, err := maxminddb.Open(path)
	if err != nil {
		return nil, fmt.Errorf("geo: open %s: %w", path, err)
	}
	shape, err := shapeOf(reader)
	if err != nil {
		reader.Close() // only read
		return nil, fmt.Errorf("geo: open %s: %w", path, err)
	}
	m := reader.Metadata
	return &DB{
		flat:        shape == flat,
		description: fmt.Sprintf("%s (%s records), built %s", m.DatabaseType, shape, m.BuildTime().UTC().Format("2006-01-02")),
		reader:      reader,
		places:      make(map[uintptr]foule.Place),
	}, nil
}

// shape is how a database's records name a country.
type shape string

const (
	nested shape = "nested" // MaxMind's: country.iso_code
	flat   shape = "flat"   // ip-location-db's: country_code
)

// errNoCountry is for databases of providers, networks and the like.
var errNoCountry = errors.New("no record names a country: give a country or city database, nested as MaxMind's or flat as ip-location-db's")

// shapeOf looks at records rather than at the database's type: that is a free
// text, in which each publisher writes something else.
func shapeOf(reader *maxminddb.Reader) (shape, error) {
	const enough = 10000
	seen := 0
	for found := range reader.Networks() {
		var record map[string]any
		if err := found.Decode(&record); err != nil {
			return "", err
		}
		if _, ok := record["country_code"].(string); ok {
			return flat, nil
		}
		if _, ok := record["country"].(map[string]any); ok {
			return nested, nil
		}
		if seen++; seen == enough {
			break
		}
	}
	return "", errNoCountry
}

// Describe gives the database's type, shape and build date, for logs and checks.
func (db *DB) Describe() string { return db.description }

// Close closes the database once no look-up is using it. Look-ups that come
// later find nothing.
func (db *DB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.reader == nil {
		return nil
	}
	err := db.reader.Close()
	db.reader, db.places = nil, nil
	return err
}

// Lookup gives the place of an address, as fine as the database knows it; what
// is unknown is empty, all of it for an address that is not in the database.
func (db *DB) Lookup(ip netip.Addr) foule.Place {
	if !ip.IsValid() {
		return foule.Place{}
	}
	place, offset, fresh := db.find(ip.Unmap())
	if fresh {
		db.remember(offset, place)
	}
	return place
}

func (db *DB) find(ip netip.Addr) (place foule.Place, offset uintptr, fresh bool) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.reader == nil {
		return foule.Place{}, 0, false
	}
	found := db.reader.Lookup(ip)
	if !found.Found() {
		return foule.Place{}, 0, false
	}
	offset = found.Offset()
	if place, ok := db.places[offset]; ok {
		return place, offset, false
	}
	return db.decode(found), offset, true
}

func (db *DB) remember(offset uintptr, place foule.Place) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.reader == nil {
		return
	}
	if len(db.places) >= maxPlaces {
		clear(db.places)
	}
	db.places[offset] = place
}

// decode reads a record; one that cannot be read is a place that is not known.
func (db *DB) decode(found maxminddb.Result) foule.Place {
	if db.flat {
		var r struct {
			Country string `maxminddb:"country_code"`
			City    string `maxminddb:"city"`
		}
		if found.Decode(&r) != nil {
			return foule.Place{}
		}
		return PlaceOf(r.Country, "", r.City) // state1 is a name, and no ISO code
	}
	var r geoip2.City
	if found.Decode(&r) != nil {
		return foule.Place{}
	}
	region := ""
	if len(r.Subdivisions) > 0 {
		region = r.Subdivisions[0].ISOCode
	}
	place := PlaceOf(r.Country.ISOCode, region, r.City.Names.English)
	if place.Country == "" {
		place.Continent = continentOf(r.Continent.Code)
	}
	return place
}

// PlaceOf makes labels of what a record, or a tracking request that is believed
// (Matomo's country, region, city), says: an alpha-2 code of ISO 3166-1 or XK in
// either case, the part of an ISO 3166-2 code behind its hyphen, and a city's
// name. Without a known country the place is empty, and a region of another form
// is left out. The city is taken as it is.
func PlaceOf(code, region, city string) foule.Place {
	c := countryOf(code)
	place := foule.Place{Continent: c.continent, Country: c.code}
	if c.code == "" {
		return place
	}
	if isSubdivision(region) {
		place.Region = c.code + "-" + strings.ToUpper(region)
	}
	if city != "" {
		place.City = c.code + "/" + city
	}
	return place
}

// isSubdivision says whether s has the form of ISO 3166-2: one to three
// letters or digits.
func isSubdivision(s string) bool {
	if len(s) < 1 || len(s) > 3 {
		return false
	}
	for _, b := range []byte(s) {
		if !isLetter(b) && (b < '0' || b > '9') {
			return false
		}
	}
	return true
}
