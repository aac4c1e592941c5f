package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pair maps a metric of Matomo's table to a column of Foule's report.
type pair struct{ matomo, foule string }

var (
	visitMetrics = []pair{
		{"nb_visits", "visits"}, {"nb_uniq_visitors", "visitors"}, {"nb_actions", "actions"},
		{"sum_visit_length", "seconds"}, {"bounce_count", "bounces"}, {"nb_visits_converted", "converted_visits"},
	}
	entryMetrics = []pair{
		{"entry_nb_visits", "visits"}, {"entry_nb_uniq_visitors", "visitors"}, {"entry_nb_actions", "actions"},
		{"entry_sum_visit_length", "seconds"}, {"entry_bounce_count", "bounces"},
	}
	summed        = []pair{{"nb_visits", "visits"}, {"nb_actions", "actions"}, {"bounce_count", "bounces"}, {"sum_visit_length", "seconds"}, {"nb_visits_converted", "converted_visits"}}
	exitMetrics   = []pair{{"exit_nb_visits", "visits"}, {"exit_nb_uniq_visitors", "visitors"}}
	pageMetrics   = []pair{{"nb_hits", "hits"}, {"nb_visits", "visits"}, {"nb_uniq_visitors", "visitors"}, {"sum_time_spent", "seconds"}, {"entry_nb_visits", "entries"}, {"exit_nb_visits", "exits"}, {"entry_bounce_count", "entry_bounces"}}
	actionMetrics = []pair{{"nb_hits", "hits"}, {"nb_visits", "visits"}, {"nb_uniq_visitors", "visitors"}}
	searchMetrics = []pair{{"nb_hits", "hits"}, {"nb_visits", "visits"}, {"nb_pages_per_search", "pages_per_search"}}
	eventMetrics  = []pair{{"nb_events", "hits"}, {"nb_visits", "visits"}, {"nb_uniq_visitors", "visitors"}, {"sum_event_value", "event_value"}, {"nb_events_with_value", "event_value_count"}}
	visitsOnly    = []pair{{"nb_visits", "visits"}}
	itemMetrics   = []pair{{"revenue", "revenue"}, {"quantity", "quantity"}, {"orders", "orders"}, {"nb_actions", "views"}, {"nb_visits", "visits"}, {"avg_quantity", "avg_quantity"}}
	cartMetrics   = []pair{{"revenue", "revenue"}, {"quantity", "quantity"}, {"abandoned_carts", "carts"}, {"avg_quantity", "avg_quantity"}}
	contentPairs  = []pair{{"nb_impressions", "impressions"}, {"nb_interactions", "interactions"}, {"nb_visits", "visits"}, {"nb_uniq_visitors", "visitors"}}
	basketMetrics = []pair{{"nb_conversions", "conversions"}, {"nb_visits_converted", "visits"}, {"revenue", "revenue"}, {"items", "quantity"}, {"avg_order_revenue", "avg_revenue"}}
	goalMetrics   = []pair{{"nb_conversions", "conversions"}, {"nb_visits_converted", "visits"}, {"revenue", "revenue"}}
)

// table says which of Matomo's answers is compared with which report.
type table struct {
	matomo  string // file of expected/, without .json
	foule   string // report, with parameters
	metrics []pair
	label   func(row map[string]any) string // Foule's label of a row of Matomo's; nil: the label itself
	// only, if set, says which of Foule's rows the table is about.
	only func(label string) bool
	// decimals is to how many Matomo rounds, if it does.
	decimals int
	part     string // if set, the table is this member of Matomo's answer
}

var tables = []table{
	{matomo: "VisitsSummary.get", foule: "totals", metrics: visitMetrics, label: single("")},
	{matomo: "API.get", foule: "totals", metrics: []pair{{"nb_visits", "visits"}, {"nb_conversions", "conversions"}, {"revenue", "revenue"}, {"nb_visits_converted", "converted_visits"}}, label: single("")},
	{matomo: "Actions.get", foule: "totals", metrics: []pair{{"nb_pageviews", "hits"}}, label: single("")},
	{matomo: "VisitsSummary.get.segment-deviceType==desktop", foule: "totals?filter=device:desktop", metrics: visitMetrics, label: single("")},
	{matomo: "VisitsSummary.get.segment-referrerType==search", foule: "totals?filter=channel:search", metrics: visitMetrics, label: single("")},
	{matomo: "VisitsSummary.get.period-range.date=2025-03-11,2025-03-12", foule: "totals?from=2025-03-11&to=2025-03-12", metrics: visitMetrics, label: single("")},
	{matomo: "VisitsSummary.get.period-week", foule: "totals?from=2025-03-10&to=2025-03-16", metrics: summed, label: single("")},
	{matomo: "VisitsSummary.get.period-month", foule: "totals?from=2025-03-01&to=2025-03-31", metrics: summed, label: single("")},
	{matomo: "VisitsSummary.get.period-day.date=2025-03-10,2025-03-13", part: "2025-03-11", foule: "totals?from=2025-03-11&to=2025-03-11", metrics: visitMetrics, label: single("")},
	{matomo: "VisitsSummary.getVisits", foule: "totals", metrics: []pair{{"value", "visits"}}, label: single("")},
	{matomo: "VisitsSummary.getUniqueVisitors", foule: "totals", metrics: []pair{{"value", "visitors"}}, label: single("")},
	{matomo: "VisitTime.getByDayOfWeek", foule: "totals", metrics: visitMetrics, label: func(r map[string]any) string {
		return map[bool]string{true: "", false: "another day"}[r["label"] == "Wednesday"]
	}, only: is("")},
	{matomo: "Goals.get", foule: "totals", metrics: []pair{{"nb_conversions", "conversions"}, {"nb_visits_converted", "converted_visits"}, {"revenue", "revenue"}}, label: single("")},
	{matomo: "Referrers.get", foule: "channels", metrics: []pair{{"Referrers_visitorsFromSearchEngines", "visits"}}, label: single("search"), only: is("search")},
	{matomo: "Referrers.get", foule: "channels", metrics: []pair{{"Referrers_visitorsFromSocialNetworks", "visits"}}, label: single("social"), only: is("social")},
	{matomo: "Referrers.get", foule: "channels", metrics: []pair{{"Referrers_visitorsFromDirectEntry", "visits"}}, label: single("direct"), only: is("direct")},
	{matomo: "Referrers.get", foule: "channels", metrics: []pair{{"Referrers_visitorsFromWebsites", "visits"}}, label: single("website"), only: is("website")},
	{matomo: "Referrers.get", foule: "channels", metrics: []pair{{"Referrers_visitorsFromCampaigns", "visits"}}, label: single("campaign"), only: is("campaign")},
	{matomo: "Actions.getPageUrl.pageUrl-example.org_products_shoes", foule: "pages?label=/products/shoes", metrics: pageMetrics, label: single("/products/shoes")},
	{matomo: "UserCountry.getRegion", foule: "regions", metrics: visitsOnly, label: func(r map[string]any) string {
		return place(r, strings.ToUpper(r["country"].(string))+"-"+r["region"].(string))
	}},
	{matomo: "UserCountry.getCity", foule: "cities", metrics: visitsOnly, label: func(r map[string]any) string {
		city, _, _ := strings.Cut(r["label"].(string), ",")
		return place(r, strings.ToUpper(r["country"].(string))+"/"+city)
	}},
	{matomo: "Actions.getPageUrls.flat-1", foule: "pages", metrics: pageMetrics},
	{matomo: "Actions.getPageTitles.flat-1", foule: "titles", metrics: pageMetrics, label: undefined("Page Name not defined")},
	{matomo: "Actions.getEntryPageUrls.flat-1", foule: "entry-pages", metrics: entryMetrics, only: notEmpty},
	{matomo: "Actions.getEntryPageTitles.flat-1", foule: "entry-titles", metrics: entryMetrics, only: notEmpty, label: undefined("Page Name not defined")},
	{matomo: "Actions.getExitPageUrls.flat-1", foule: "exit-pages", metrics: exitMetrics, only: notEmpty},
	{matomo: "Actions.getExitPageTitles.flat-1", foule: "exit-titles", metrics: exitMetrics, only: notEmpty, label: undefined("Page Name not defined")},
	{matomo: "Actions.getDownloads.flat-1", foule: "downloads", metrics: actionMetrics},
	{matomo: "Actions.getOutlinks.flat-1", foule: "outlinks", metrics: actionMetrics},
	{matomo: "Actions.getSiteSearchKeywords", foule: "searches", metrics: searchMetrics},
	{matomo: "Actions.getSiteSearchCategories", foule: "search-categories", metrics: []pair{{"nb_actions", "hits"}, {"nb_visits", "visits"}}},
	{matomo: "Actions.getSiteSearchNoResultKeywords", foule: "searches-without-result", metrics: searchMetrics},
	{matomo: "Events.getCategory", foule: "events", metrics: eventMetrics},
	{matomo: "Events.getAction", foule: "event-actions", metrics: eventMetrics},
	{matomo: "Events.getName", foule: "event-names", metrics: eventMetrics, label: undefined("Event Name not defined")},
	{matomo: "Goals.get.idGoal-1", foule: "goals", metrics: goalMetrics, label: single("1"), only: is("1")},
	{matomo: "Goals.get.idGoal-2", foule: "goals", metrics: goalMetrics, label: single("2"), only: is("2")},
	{matomo: "Goals.get.idGoal-3", foule: "goals", metrics: goalMetrics, label: single("3"), only: is("3")},
	{matomo: "Goals.get.idGoal-4", foule: "goals", metrics: goalMetrics, label: single("4"), only: is("4")},
	{matomo: "Goals.get.idGoal-ecommerceOrder", foule: "goals", metrics: goalMetrics, label: single("order"), only: is("order")},
	{matomo: "Referrers.getReferrerType", foule: "channels", metrics: visitMetrics, label: named(map[string]string{
		"Direct Entry": "direct", "Campaigns": "campaign", "Search Engines": "search", "Social Networks": "social", "Websites": "website"})},
	{matomo: "Referrers.getSearchEngines", foule: "sources?filter=channel:search", metrics: visitMetrics},
	{matomo: "Referrers.getSocials", foule: "sources?filter=channel:social", metrics: visitMetrics},
	{matomo: "Referrers.getWebsites", foule: "sources?filter=channel:website", metrics: visitMetrics},
	{matomo: "Referrers.getCampaigns", foule: "campaigns", metrics: visitMetrics, only: notEmpty},
	{matomo: "DevicesDetection.getType", foule: "devices", metrics: visitMetrics, label: func(r map[string]any) string { return strings.ToLower(r["label"].(string)) }},
	{matomo: "DevicesDetection.getBrand", foule: "brands", metrics: visitMetrics, label: undefined("Unknown")},
	{matomo: "DevicesDetection.getBrowsers", foule: "browsers", metrics: visitMetrics},
	{matomo: "DevicesDetection.getBrowserVersions", foule: "browser-versions", metrics: visitMetrics, label: majorVersion},
	{matomo: "DevicesDetection.getOsVersions", foule: "system-versions", metrics: visitMetrics},
	{matomo: "Resolution.getResolution", foule: "resolutions", metrics: visitMetrics},
	{matomo: "UserCountry.getCountry", foule: "countries", metrics: visitMetrics, label: func(r map[string]any) string { return strings.ToUpper(r["code"].(string)) }},
	{matomo: "UserCountry.getContinent", foule: "continents", metrics: visitMetrics, label: named(map[string]string{
		"Europe": "EU", "North America": "NA", "South America": "SA", "Asia": "AS", "Oceania": "OC", "Africa": "AF"})},
	{matomo: "UserLanguage.getLanguageCode", foule: "languages", metrics: visitMetrics, label: inParentheses},
	{matomo: "VisitTime.getVisitInformationPerServerTime", foule: "server-hours", metrics: visitMetrics},
	{matomo: "VisitTime.getVisitInformationPerLocalTime", foule: "local-hours", metrics: visitMetrics},
	{matomo: "VisitorInterest.getNumberOfVisitsPerVisitDuration", foule: "durations", metrics: visitsOnly, label: bucket},
	{matomo: "Contents.getContentNames", foule: "contents", metrics: contentPairs},
	{matomo: "Contents.getContentPieces", foule: "content-pieces", metrics: contentPairs},
	{matomo: "CustomDimensions.getCustomDimension.idDimension-1", foule: "dimension-1", metrics: visitMetrics, only: notEmpty},
	{matomo: "CustomDimensions.getCustomDimension.idDimension-2", foule: "dimension-2", metrics: []pair{{"nb_hits", "hits"}, {"nb_visits", "visits"}, {"nb_uniq_visitors", "visitors"}, {"sum_time_spent", "seconds"}}},
	{matomo: "Goals.getItemsName", foule: "products", metrics: itemMetrics, label: undefined("Product Name not defined")},
	{matomo: "Goals.getItemsSku", foule: "product-skus", metrics: itemMetrics, label: undefined("Product SKU not defined")},
	{matomo: "Goals.getItemsCategory", foule: "product-categories", metrics: itemMetrics},
	{matomo: "Goals.getItemsName.abandonedCarts-1", foule: "cart-products", metrics: cartMetrics, label: undefined("Product Name not defined")},
	{matomo: "Goals.get.idGoal-ecommerceOrder", foule: "baskets", metrics: basketMetrics, label: single("order"), only: is("order")},
	{matomo: "Goals.get.idGoal-ecommerceOrder", foule: "baskets", metrics: []pair{{"revenue_subtotal", "revenue"}}, label: single("subtotal"), only: is("subtotal")},
	{matomo: "Goals.get.idGoal-ecommerceOrder", foule: "baskets", metrics: []pair{{"revenue_tax", "revenue"}}, label: single("tax"), only: is("tax")},
	{matomo: "Goals.get.idGoal-ecommerceOrder", foule: "baskets", metrics: []pair{{"revenue_shipping", "revenue"}}, label: single("shipping"), only: is("shipping")},
	{matomo: "Goals.get.idGoal-ecommerceOrder", foule: "baskets", metrics: []pair{{"revenue_discount", "revenue"}}, label: single("discount"), only: is("discount")},
	{matomo: "Goals.get.idGoal-ecommerceAbandonedCart", foule: "baskets", metrics: basketMetrics, label: single("cart"), only: is("cart")},
	{matomo: "PagePerformance.get", decimals: 2, foule: "timings", metrics: []pair{{"avg_time_network", "avg_seconds"}}, label: single("network"), only: is("network")},
	{matomo: "PagePerformance.get", decimals: 2, foule: "timings", metrics: []pair{{"avg_time_server", "avg_seconds"}}, label: single("server"), only: is("server")},
	{matomo: "PagePerformance.get", decimals: 2, foule: "timings", metrics: []pair{{"avg_time_transfer", "avg_seconds"}}, label: single("transfer"), only: is("transfer")},
	{matomo: "PagePerformance.get", decimals: 2, foule: "timings", metrics: []pair{{"avg_time_dom_processing", "avg_seconds"}}, label: single("processing"), only: is("processing")},
	{matomo: "PagePerformance.get", decimals: 2, foule: "timings", metrics: []pair{{"avg_time_dom_completion", "avg_seconds"}}, label: single("completion"), only: is("completion")},
	{matomo: "PagePerformance.get", decimals: 2, foule: "timings", metrics: []pair{{"avg_time_on_load", "avg_seconds"}}, label: single("on_load"), only: is("on_load")},
	{matomo: "PagePerformance.get", decimals: 2, foule: "timings", metrics: []pair{{"avg_page_load_time", "avg_seconds"}}, label: single("load"), only: is("load")},
	{matomo: "Actions.getPageUrlsFollowingSiteSearch.flat-1", foule: "pages-after-search", metrics: []pair{{"nb_hits_following_search", "hits"}}, label: func(r map[string]any) string { return "/" + r["label"].(string) }},
	{matomo: shoes, part: "followingPages", foule: "next-pages?filter=page:/products/shoes", metrics: []pair{{"referrals", "hits"}}, label: withoutHost},
	{matomo: shoes, part: "previousPages", foule: "previous-pages?filter=page:/products/shoes", metrics: []pair{{"referrals", "hits"}}, label: withoutHost},
	{matomo: shoes, part: "previousSiteSearches", foule: "previous-searches?filter=page:/products/shoes", metrics: []pair{{"referrals", "hits"}}},
	{matomo: shoes, part: "followingSiteSearches", foule: "searches?filter=page:/products/shoes", metrics: []pair{{"referrals", "hits"}}},
	{matomo: shoes, part: "outlinks", foule: "outlinks?filter=page:/products/shoes", metrics: []pair{{"referrals", "hits"}}},
	{matomo: shoes, part: "downloads", foule: "downloads?filter=page:/products/shoes", metrics: []pair{{"referrals", "hits"}}},
	{matomo: "VisitorInterest.getNumberOfVisitsPerPage", foule: "depths", metrics: visitsOnly, label: bucket},
}

// shoes is Matomo's Transitions of one page.
const shoes = "Transitions.getTransitionsForPageUrl.pageUrl-example.org_products_shoes"

// withoutHost makes a page's label of a URL without scheme.
func withoutHost(r map[string]any) string {
	_, path, _ := strings.Cut(r["label"].(string), "/")
	return "/" + path
}

// place gives the label of a place that is known.
func place(r map[string]any, label string) string {
	if r["label"] == "Unknown" {
		return ""
	}
	return label
}

func single(label string) func(map[string]any) string {
	return func(map[string]any) string { return label }
}

func undefined(name string) func(map[string]any) string {
	return named(map[string]string{name: ""})
}

func named(names map[string]string) func(map[string]any) string {
	return func(r map[string]any) string {
		label := r["label"].(string)
		if to, ok := names[label]; ok {
			return to
		}
		return label
	}
}

func notEmpty(label string) bool { return label != "" }

func is(label string) func(string) bool { return func(l string) bool { return l == label } }

var parenthesis = regexp.MustCompile(`\(([^()]+)\)$`)

func inParentheses(r map[string]any) string {
	label := r["label"].(string)
	if m := parenthesis.FindStringSubmatch(label); m != nil {
		return m[1]
	}
	return label
}

// majorVersion: of a browser's version Foule keeps the first number only.
func majorVersion(r map[string]any) string {
	return minorVersion.ReplaceAllString(r["label"].(string), "$1")
}

var minorVersion = regexp.MustCompile(`(\d+)\.[\d.]+$`)

// bucket writes Matomo's duration and depth buckets the way Foule does.
func bucket(r map[string]any) string {
	label := strings.ReplaceAll(r["label"].(string), "–", "-")
	for _, unit := range []string{" pages", " page"} {
		label = strings.TrimSuffix(label, unit)
	}
	label = strings.ReplaceAll(label, "30+ min", "30min+")
	return strings.ReplaceAll(label, " min", "min")
}

// TestFigures replays the recorded hits and compares every table.
func TestFigures(t *testing.T) {
	dir := recorded(t)
	in := install(t, anchor)
	in.replay(t, dir)
	found := map[string]bool{}
	for _, tb := range tables {
		t.Run(tb.matomo, func(t *testing.T) {
			want := tb.expected(t, dir)
			got := in.rows(t, tb.foule)
			for _, label := range labels(want, got) {
				if tb.only == nil || tb.only(label) {
					tb.compare(t, label, want[label], got[label], found)
				}
			}
		})
	}
	for key := range differences {
		if !found[key] {
			t.Errorf("the difference %q is listed but does not occur", key)
		}
	}
}

func labels(want, got map[string]map[string]float64) []string {
	all := maps.Clone(want)
	maps.Copy(all, got)
	return slices.Sorted(maps.Keys(all))
}

// compare checks one label's metrics; a label that is missing counts as zeros.
func (tb *table) compare(t *testing.T, label string, want, got map[string]float64, found map[string]bool) {
	t.Helper()
	for _, p := range tb.metrics {
		if _, there := want[p.matomo]; !there && want != nil {
			continue // Matomo's table does not tell
		}
		w, g := want[p.matomo], got[p.foule]
		if tb.decimals > 0 {
			g = math.Round(g*math.Pow10(tb.decimals)+1e-9) / math.Pow10(tb.decimals)
		}
		if w-g < 1e-6 && g-w < 1e-6 {
			continue
		}
		key := fmt.Sprintf("%s | %s | %s | %s | %s", strings.SplitN(tb.foule, "?from", 2)[0], label, p.foule, number(w), number(g))
		if _, ok := differences[key]; !ok {
			t.Errorf("not tolerated: %q: \"\",", key)
		}
		found[key] = true
	}
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// expected reads Matomo's table, leaving out rows of zeros.
func (tb *table) expected(t *testing.T, dir string) map[string]map[string]float64 {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "expected", tb.matomo+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if json.Unmarshal(b, &list) != nil {
		var one map[string]any
		if err := json.Unmarshal(b, &one); err != nil {
			t.Fatal(err)
		}
		list = []map[string]any{one}
		if tb.part != "" {
			list = nil
			switch part := one[tb.part].(type) {
			case map[string]any:
				list = append(list, part)
			case []any:
				for _, r := range part {
					list = append(list, r.(map[string]any))
				}
			}
		}
	}
	rows := map[string]map[string]float64{}
	for _, r := range list {
		figures := map[string]float64{}
		for k, v := range r {
			if f, err := strconv.ParseFloat(fmt.Sprint(v), 64); err == nil {
				figures[k] = f
			}
		}
		label := ""
		if tb.label != nil {
			label = tb.label(r)
		} else {
			label = r["label"].(string)
		}
		rows[label] = figures
	}
	return rows
}

// TestDifferencesAreDocumented: what is tolerated here stands in the document
// for people, key by key.
func TestDifferencesAreDocumented(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "matomo-differences.md"))
	if err != nil {
		t.Fatal(err)
	}
	for key, reason := range differences {
		if !strings.Contains(string(b), "| "+key+" | "+reason+" |") {
			t.Errorf("docs/matomo-differences.md lacks the row\n| %s | %s |", key, reason)
		}
	}
}
