package report

import (
	"fmt"

	"foule.eu/foule"
)

// The groups, sections of a dashboard.
const (
	groupAudience    = "audience"
	groupAcquisition = "acquisition"
	groupBehaviour   = "behaviour"
	groupGoals       = "goals"
)

// catalogue is every report there is: one for each dimension, a row each.
// Labels that do not apply to a visit (no campaign, no entry page) are hidden;
// labels that are merely unknown (no country found) are shown.
var catalogue = []*Report{
	// name, dimension, group, columns, sort, hide empty, ordered labels
	{"totals", foule.DimTotal, groupAudience, visitColumns, "visits", false, nil},

	{"pages", foule.DimPage, groupBehaviour, pageColumns, "hits", false, nil},
	{"titles", foule.DimTitle, groupBehaviour, pageColumns, "hits", false, nil},
	{"entry-pages", foule.DimEntryPage, groupBehaviour, visitColumns, "visits", true, nil},
	{"entry-titles", foule.DimEntryTitle, groupBehaviour, visitColumns, "visits", true, nil},
	{"exit-pages", foule.DimExitPage, groupBehaviour, visitColumns, "visits", true, nil},
	{"exit-titles", foule.DimExitTitle, groupBehaviour, visitColumns, "visits", true, nil},

	{"channels", foule.DimChannel, groupAcquisition, visitColumns, "visits", false, nil},
	{"sources", foule.DimSource, groupAcquisition, visitColumns, "visits", true, nil},
	{"referrer-pages", foule.DimReferrerPage, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaigns", foule.DimCampaign, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-sources", foule.DimCampaignSource, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-mediums", foule.DimCampaignMedium, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-terms", foule.DimCampaignTerm, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-contents", foule.DimCampaignDetail, groupAcquisition, visitColumns, "visits", true, nil},

	{"continents", foule.DimContinent, groupAudience, visitColumns, "visits", false, nil},
	{"countries", foule.DimCountry, groupAudience, visitColumns, "visits", false, nil},
	{"regions", foule.DimRegion, groupAudience, visitColumns, "visits", false, nil},
	{"cities", foule.DimCity, groupAudience, visitColumns, "visits", false, nil},
	{"languages", foule.DimLanguage, groupAudience, visitColumns, "visits", false, nil},
	{"devices", foule.DimDeviceType, groupAudience, visitColumns, "visits", false, nil},
	{"brands", foule.DimBrand, groupAudience, visitColumns, "visits", false, nil},
	{"browsers", foule.DimBrowser, groupAudience, visitColumns, "visits", false, nil},
	{"browser-versions", foule.DimBrowserVersion, groupAudience, visitColumns, "visits", false, nil},
	{"systems", foule.DimOS, groupAudience, visitColumns, "visits", false, nil},
	{"system-versions", foule.DimOSVersion, groupAudience, visitColumns, "visits", false, nil},
	{"resolutions", foule.DimResolution, groupAudience, visitColumns, "visits", false, nil},
	{"server-hours", foule.DimServerHour, groupAudience, visitColumns, byLabel, false, hoursOfDay()},
	{"local-hours", foule.DimLocalHour, groupAudience, visitColumns, byLabel, false, hoursOfDay()},
	{"durations", foule.DimDuration, groupBehaviour, visitColumns, byLabel, false, durationLabels()},
	{"depths", foule.DimDepth, groupBehaviour, visitColumns, byLabel, false, depthLabels()},

	{"downloads", foule.DimDownload, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"outlinks", foule.DimOutlink, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"searches", foule.DimSearch, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"search-categories", foule.DimSearchCategory, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"searches-without-result", foule.DimSearchNoResult, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"events", foule.DimEventCategory, groupBehaviour, eventColumns, "hits", false, nil},
	{"event-actions", foule.DimEventAction, groupBehaviour, eventColumns, "hits", false, nil},
	{"event-names", foule.DimEventName, groupBehaviour, eventColumns, "hits", false, nil},

	{"goals", foule.DimGoal, groupGoals, goalColumns, "conversions", false, nil},

	{"excluded", foule.DimExcluded, groupAudience, excludedColumns, "hits", false, nil},
}

// byLabel is the sort that follows the labels instead of a column.
const byLabel = "label"

// All gives the catalogue in order of display. The caller must not change it.
func All() []*Report { return catalogue }

// ByName finds a report by its stable plural name.
func ByName(name string) (*Report, bool) {
	for _, r := range catalogue {
		if r.Name == name {
			return r, true
		}
	}
	return nil, false
}

func hoursOfDay() []string {
	labels := make([]string, 24)
	for h := range labels {
		labels[h] = fmt.Sprintf("%02d", h)
	}
	return labels
}

func durationLabels() []string {
	var labels []string
	for _, b := range foule.DurationBuckets {
		labels = append(labels, b.Label)
	}
	return labels
}

func depthLabels() []string {
	var labels []string
	for _, b := range foule.DepthBuckets {
		labels = append(labels, b.Label)
	}
	return labels
}
