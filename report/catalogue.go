package report

import (
	"fmt"
	"strconv"
	"strings"

	"foule.eu/foule"
)

// The groups, sections of a dashboard.
const (
	groupAudience    = "audience"
	groupAcquisition = "acquisition"
	groupBehaviour   = "behaviour"
	groupGoals       = "goals"
	groupShop        = "shop"
)

// catalogue is every report there is, a row each: one for each dimension, and
// those of a dimension under a label of another.
// Labels that do not apply to a visit (no campaign, no entry page) are hidden;
// labels that are merely unknown (no country found) are shown.
var catalogue = []*Report{
	// name, dimension, under which, group, columns, sort, hide empty, ordered labels
	{"totals", foule.DimTotal, plainRows, groupAudience, visitColumns, "visits", false, nil},

	{"pages", foule.DimPage, plainRows, groupBehaviour, pageColumns, "hits", false, nil},
	{"titles", foule.DimTitle, plainRows, groupBehaviour, pageColumns, "hits", false, nil},
	{"entry-pages", foule.DimEntryPage, plainRows, groupBehaviour, visitColumns, "visits", true, nil},
	{"entry-titles", foule.DimEntryTitle, plainRows, groupBehaviour, visitColumns, "visits", true, nil},
	{"exit-pages", foule.DimExitPage, plainRows, groupBehaviour, visitColumns, "visits", true, nil},
	{"exit-titles", foule.DimExitTitle, plainRows, groupBehaviour, visitColumns, "visits", true, nil},

	{"channels", foule.DimChannel, plainRows, groupAcquisition, visitColumns, "visits", false, nil},
	{"sources", foule.DimSource, plainRows, groupAcquisition, visitColumns, "visits", true, nil},
	{"referrer-pages", foule.DimReferrerPage, plainRows, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaigns", foule.DimCampaign, plainRows, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-sources", foule.DimCampaignSource, plainRows, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-mediums", foule.DimCampaignMedium, plainRows, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-terms", foule.DimCampaignTerm, plainRows, groupAcquisition, visitColumns, "visits", true, nil},
	{"campaign-contents", foule.DimCampaignDetail, plainRows, groupAcquisition, visitColumns, "visits", true, nil},

	{"continents", foule.DimContinent, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"countries", foule.DimCountry, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"regions", foule.DimRegion, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"cities", foule.DimCity, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"languages", foule.DimLanguage, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"devices", foule.DimDeviceType, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"brands", foule.DimBrand, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"browsers", foule.DimBrowser, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"browser-versions", foule.DimBrowserVersion, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"systems", foule.DimOS, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"system-versions", foule.DimOSVersion, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"resolutions", foule.DimResolution, plainRows, groupAudience, visitColumns, "visits", false, nil},
	{"server-hours", foule.DimServerHour, plainRows, groupAudience, visitColumns, byLabel, false, hoursOfDay()},
	{"local-hours", foule.DimLocalHour, plainRows, groupAudience, visitColumns, byLabel, false, hoursOfDay()},
	{"durations", foule.DimDuration, plainRows, groupBehaviour, visitColumns, byLabel, false, durationLabels()},
	{"depths", foule.DimDepth, plainRows, groupBehaviour, visitColumns, byLabel, false, depthLabels()},

	{"downloads", foule.DimDownload, plainRows, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"outlinks", foule.DimOutlink, plainRows, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"searches", foule.DimSearch, plainRows, groupBehaviour, searchColumns, "hits", false, nil},
	{"search-categories", foule.DimSearchCategory, plainRows, groupBehaviour, searchColumns, "hits", false, nil},
	{"searches-without-result", foule.DimSearchNoResult, plainRows, groupBehaviour, noResultColumns, "hits", false, nil},
	{"events", foule.DimEventCategory, plainRows, groupBehaviour, eventColumns, "hits", false, nil},
	{"event-actions", foule.DimEventAction, plainRows, groupBehaviour, eventColumns, "hits", false, nil},
	{"event-names", foule.DimEventName, plainRows, groupBehaviour, eventColumns, "hits", false, nil},

	{"next-pages", foule.DimNextPage, foule.DimPage, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"previous-pages", foule.DimPreviousPage, foule.DimPage, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"previous-searches", foule.DimPreviousSearch, foule.DimPage, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"pages-after-search", foule.DimPageAfterSearch, plainRows, groupBehaviour, occurrenceColumns, "hits", false, nil},
	{"titles-after-search", foule.DimTitleAfterSearch, plainRows, groupBehaviour, occurrenceColumns, "hits", false, nil},

	{"contents", foule.DimContentName, plainRows, groupBehaviour, contentColumns, "impressions", false, nil},
	{"content-pieces", foule.DimContentPiece, plainRows, groupBehaviour, contentColumns, "impressions", false, nil},
	{"content-targets", foule.DimContentTarget, plainRows, groupBehaviour, contentColumns, "impressions", false, nil},

	{"timings", foule.DimTiming, plainRows, groupBehaviour, timingColumns, byLabel, false, timingLabels()},
	{"timing-buckets", foule.DimTimingBucket, plainRows, groupBehaviour, bucketColumns, "hits", false, nil},
	{"load-times", foule.DimLoadTime, plainRows, groupBehaviour, occurrenceColumns, byLabel, false, timingBuckets()},
	{"page-timings", foule.DimPage, foule.DimTiming, groupBehaviour, timingColumns, "timed", false, nil},

	{"goals", foule.DimGoal, plainRows, groupGoals, goalColumns, "conversions", false, nil},
	{"funnel-steps", foule.DimFunnelStep, plainRows, groupGoals, stepColumns, "visits", false, nil},

	{"baskets", foule.DimBasket, plainRows, groupShop, basketColumns, "revenue", false, nil},
	{"products", foule.DimProduct, plainRows, groupShop, productColumns, "revenue", false, nil},
	{"product-skus", foule.DimProductSKU, plainRows, groupShop, productColumns, "revenue", false, nil},
	{"product-categories", foule.DimProductCategory, plainRows, groupShop, productColumns, "revenue", false, nil},
	{"cart-products", foule.DimCartProduct, plainRows, groupShop, cartColumns, "revenue", false, nil},
	{"cart-skus", foule.DimCartSKU, plainRows, groupShop, cartColumns, "revenue", false, nil},
	{"cart-categories", foule.DimCartCategory, plainRows, groupShop, cartColumns, "revenue", false, nil},

	{"excluded", foule.DimExcluded, plainRows, groupAudience, excludedColumns, "hits", false, nil},
	{"crawlers", foule.DimCrawler, plainRows, groupAudience, excludedColumns, "hits", false, nil},
	{"dropped", foule.DimDropped, plainRows, groupAudience, excludedColumns, "hits", false, nil},
	{"consents", foule.DimConsent, plainRows, groupAudience, visitColumns, "visits", false, nil},
}

func init() {
	for i := range foule.Dimension(foule.NumValues) {
		n := strconv.Itoa(int(i) + 1)
		catalogue = append(catalogue,
			&Report{"visit-values-" + n, foule.DimVisitValue + i, plainRows, groupAudience, visitColumns, "visits", false, nil},
			&Report{"action-values-" + n, foule.DimActionValue + i, plainRows, groupBehaviour, actionValueColumns, "hits", false, nil},
		)
	}
}

// plainRows stands for a report that asks for no filter.
const plainRows = foule.DimTotal

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

// Find gives the report that a question names: one of the catalogue, or
// "dimension-N", the site's custom dimension N.
func Find(name string, site *foule.Site) (*Report, bool) {
	number, custom := strings.CutPrefix(name, "dimension-")
	if !custom {
		return ByName(name)
	}
	for _, c := range site.Dimensions {
		if strconv.FormatUint(uint64(c.ID), 10) != number {
			continue
		}
		for _, r := range catalogue {
			if r.Dim == c.Dimension() {
				return r, true
			}
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

func timingLabels() []string {
	var labels []string
	for t := range foule.Timing(foule.NumTimings) {
		labels = append(labels, t.String())
	}
	return append(labels, foule.TimingLoad)
}

func timingBuckets() []string {
	var labels []string
	for _, b := range foule.TimingBuckets {
		labels = append(labels, b.Label)
	}
	return labels
}
