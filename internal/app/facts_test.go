package app

import (
	"testing"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/privacy"
)

// TestFacts: what a configuration does not tell is unknown, not guessed.
func TestFacts(t *testing.T) {
	c := config.Config{GeoFile: "auto", RuntimeDir: "/run/foule", Store: "clickhouse://me@db:9000/foule", RetentionMonths: 13, AccessLog: "-", Hosting: "Host SAS"}
	if in := Facts(c, "https://stats.example/"); in.Places != privacy.PlacesUnknown || in.Parking != privacy.ParkingUnknown || in.Store != "clickhouse" || !in.AccessLog || in.RetentionMonths != 13 || in.Hosting != "Host SAS" || in.Alone {
		t.Errorf("%+v", in)
	}
	c.GeoFile, c.RuntimeDir, c.Store, c.AccessLog = "off", "", "sqlite:x.db", "off"
	if in := Facts(c, ""); in.Places != privacy.PlacesNone || in.Parking != privacy.ParkingNone || in.Store != "sqlite" || in.AccessLog {
		t.Errorf("%+v", in)
	}
}
