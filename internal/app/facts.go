package app

import (
	"strings"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/privacy"
)

// Facts gives what the configuration says of privacy. What a process has to
// look at for itself, the file of places and the folder of parked keys, is
// unknown unless the configuration has none. tracking is where browsers reach
// the tracking side, with a final slash.
func Facts(c config.Config, tracking string) privacy.Install {
	in := privacy.Install{
		Version:  Version(),
		IPv4Bits: c.IPv4Bits, IPv6Bits: c.IPv6Bits, K: c.KPlain, KFiltered: c.KFiltered, RetentionMonths: c.RetentionMonths,
		CountryFromLanguage: c.CountryFromLanguage, AccessLog: c.AccessLog != "off" && c.AccessLog != "", Places: privacy.PlacesUnknown, Parking: privacy.ParkingUnknown,
		Store: "sqlite", PublicURL: c.PublicURL, Tracking: tracking,
		Hosting: c.Hosting, Controller: c.PrivacyController, Contact: c.PrivacyContact,
	}
	if c.GeoFile == "off" || c.GeoFile == "" {
		in.Places = privacy.PlacesNone
	}
	if c.RuntimeDir == "" {
		in.Parking = privacy.ParkingNone
	}
	if strings.HasPrefix(c.Store, "clickhouse") {
		in.Store = "clickhouse"
	}
	return in
}
