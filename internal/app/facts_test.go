package app

import (
	"testing"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/privacy"
)

// TestFacts: what a configuration does not tell is unknown, not guessed.
func TestFacts(t *testing.T) {
	c := config.Config{GeoFile: "auto", RuntimeDir: "/run/foule", Store: "clickhouse://me@db:9000/foule", RetentionMonths: 13, Hosting: "Host SAS"}
	if in := Facts(c, "https://stats.example/"); in.Places != privacy.PlacesUnknown || in.Parking != privacy.ParkingUnknown || in.Store != "clickhouse" || in.RetentionMonths != 13 || in.Hosting != "Host SAS" || in.Alone {
		t.Errorf("%+v", in)
	}
	c.GeoFile, c.RuntimeDir, c.Store = "off", "", "sqlite:x.db"
	if in := Facts(c, ""); in.Places != privacy.PlacesNone || in.Parking != privacy.ParkingNone || in.Store != "sqlite" {
		t.Errorf("%+v", in)
	}
}
