package privacy

import "foule.eu/foule"

// MaxMonths is how long figures may be kept at most under the French exemption.
const MaxMonths = 25

// KeyMinutes is how many minutes the visitor key outlives a site's day: one visit.
const KeyMinutes = 30

// LateHours is for how many hours after a day's last hit the working files still
// hold its visits, so that late hits find them.
const LateHours = 26

// Places says how fine the file of places is.
type Places string

// The kinds of file of places.
const (
	PlacesNone    Places = "none"
	PlacesFile    Places = "file"    // a database of countries, or of cities too
	PlacesUnknown Places = "unknown" // this process has not opened it
)

// Parking says where the day's secrets wait while the process restarts.
type Parking string

// The places of parking.
const (
	ParkingNone    Parking = "none"    // nowhere: they end with the process
	ParkingTmpfs   Parking = "tmpfs"   // looked at: it is in memory
	ParkingUnknown Parking = "unknown" // this process has not looked
)

// Install is what holds for the whole installation, as the process that asks
// knows it.
type Install struct {
	Version string
	// Alone says that the facts are the configuration of a dashboard that runs
	// without a collector; the collector's may differ.
	Alone bool

	IPv4Bits, IPv6Bits  int // of addresses, that are kept
	K, KFiltered        int // visitors who share a label before it is written by name
	RetentionMonths     int
	CountryFromLanguage bool
	AccessLog           bool // each request is noted, with the cut address
	Places              Places
	Parking             Parking
	Store               string // "sqlite" or "clickhouse"

	PublicURL string // of the tracking side, as set, without a final slash; "" if not set
	// Tracking is the address to write into links, with a final slash: that of
	// PublicURL, or one that works on this machine alone.
	Tracking string

	Hosting    string // company and country
	Controller string // for sites that name none
	Contact    string // likewise
}

// OptOut is the address of a site's opt-out page.
func (in *Install) OptOut(site foule.SiteID, lang string) string {
	return in.Tracking + "optout?idsite=" + number(site) + "&lang=" + lang
}

// Page is the address of a site's public page.
func (in *Install) Page(site foule.SiteID, lang string) string {
	return in.Tracking + "privacy/" + number(site) + "?lang=" + lang
}

// Proof is the address of a site's part of /.well-known/foule.json.
func (in *Install) Proof(site foule.SiteID) string {
	return in.Tracking + ".well-known/foule.json?site=" + number(site)
}

// ControllerOf says who publishes a site: its own word, else the
// installation's; "" for neither.
func (in *Install) ControllerOf(site *foule.Site) string {
	if site.Privacy.Controller != "" {
		return site.Privacy.Controller
	}
	return in.Controller
}

// ContactOf is the address for privacy questions of a site; "" for none.
func (in *Install) ContactOf(site *foule.Site) string {
	if site.Privacy.Contact != "" {
		return site.Privacy.Contact
	}
	return in.Contact
}

// Conflicts lists what contradicts a site's preset among the settings of the
// installation, which no site can change.
func (in *Install) Conflicts(site *foule.Site) (list []Refusal) {
	if site.Privacy.Preset == foule.PresetCNIL && in.RetentionMonths > MaxMonths {
		list = append(list, Refusal{"retention-months", "C17", Text{
			"The preset cnil keeps figures for {max} months at most; retention-months is {n}. Lower it, or choose another preset.",
			"Le préréglage cnil conserve les chiffres {max} mois au plus ; retention-months vaut {n}. Réduisez-le, ou choisissez un autre préréglage.",
		}.With("max", MaxMonths, "n", in.RetentionMonths)})
	}
	return list
}
