package main

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/app"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/privacy"
)

// facts gives what holds for the installation, with what a collector alone can
// look at. base is where browsers reach the tracking side, without a final slash.
func facts(c config.Config, base string) privacy.Install {
	in := app.Facts(c, base+"/")
	in.Places = privacy.PlacesNone
	if geoFile(c) != "" {
		in.Places = privacy.PlacesFile
	}
	if c.RuntimeDir != "" && anonymize.CheckRuntimeDir(c.RuntimeDir) == nil {
		in.Parking = privacy.ParkingTmpfs
	}
	return in
}

// usualBase is where browsers reach a collector that does not run in this process.
func usualBase(c config.Config) string { return cmp.Or(c.PublicURL, "http://"+c.Listen) }

// todayAt is the day at a site.
func todayAt(site *foule.Site) foule.Day {
	zone, err := time.LoadLocation(site.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return foule.DayOf(time.Now(), zone)
}

// contradictions says which sites' presets the installation's settings
// contradict, and how.
func contradictions(in *privacy.Install, sites []foule.Site) error {
	var faults []error
	for i := range sites {
		for _, r := range in.Conflicts(&sites[i]) {
			faults = append(faults, fmt.Errorf("site %d: %w", sites[i].ID, r))
		}
	}
	return errors.Join(faults...)
}
