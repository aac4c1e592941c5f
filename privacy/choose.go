package privacy

import (
	"slices"

	"foule.eu/foule"
)

// Choose puts a preset in force on a day, or none, and the settings that it
// pins with it. What it cannot have, because the preset is unknown or the
// installation contradicts it, is said, and then nothing is changed.
func Choose(site *foule.Site, preset foule.Preset, today foule.Day, in *Install) []Refusal {
	chosen := *site
	chosen.Privacy.Preset, chosen.Privacy.Since = preset, today
	Settle(&chosen)
	if _, known := FindPreset(preset); !known && preset != foule.PresetNone {
		return Refusals(&foule.Site{Privacy: foule.Privacy{Preset: preset}})
	}
	if list := in.Conflicts(&chosen); len(list) > 0 {
		return list
	}
	*site = chosen
	return nil
}

// Collect makes a site collect features, or leave them alone, beyond what its
// preset says. A feature that the preset pins cannot be collected: it is
// refused with the preset's reason, and nothing is changed.
func Collect(site *foule.Site, collect, leave []foule.Feature) (list []Refusal) {
	off := slices.Clone(site.Privacy.Off)
	preset, _ := FindPreset(site.Privacy.Preset)
	for _, f := range collect {
		if pin, pinned := preset.Pin(f); pinned {
			list = append(list, Refusal{string(f), pin.Rule, pin.Reason})
		}
		off = slices.DeleteFunc(off, func(o foule.Feature) bool { return o == f })
	}
	for _, f := range leave {
		if !slices.Contains(off, f) {
			off = append(off, f)
		}
	}
	for _, f := range slices.Concat(collect, leave) {
		if _, known := Find(f); !known {
			list = append(list, Refusals(&foule.Site{Privacy: foule.Privacy{Off: []foule.Feature{f}}})...)
		}
	}
	if len(list) == 0 {
		site.Privacy.Off = off
	}
	return list
}

// ReviewDue says whether purpose and retention of a site ought to be reviewed:
// a year has passed since they were, or since the preset was chosen; at once
// for a site of a preset that was never looked at. The CNIL asks for it
// "periodically"; a year is our reading (C18).
func ReviewDue(site *foule.Site, today foule.Day) bool {
	last := Assessed(site)
	return last == 0 || today >= aYearAfter(last)
}

// Assessed is the day of the operator's last self-assessment: of the review or
// of the choice of a preset, whichever came later; 0 for never.
func Assessed(site *foule.Site) foule.Day {
	return max(site.Privacy.Since, site.Privacy.Reviewed)
}
