package report

import "foule.eu/foule"

// stored makes a column of a counter as it stands in the store.
func stored(m foule.Metric, name string, unit Unit) Column {
	return Column{Name: name, Unit: unit, Sort: m, Of: func(row *foule.Metrics) float64 { return float64(row[m]) }}
}

// scaled makes a column of a counter that the store keeps in a smaller unit.
func scaled(m foule.Metric, name string, unit Unit, by float64) Column {
	return Column{Name: name, Unit: unit, Sort: m, Of: func(row *foule.Metrics) float64 { return float64(row[m]) / by }}
}

// quotient makes a column of one counter divided by another; sort is the
// counter by which the candidates are fetched before they are put in order.
func quotient(num, den foule.Metric, name string, unit Unit, by float64, sort foule.Metric) Column {
	return Column{Name: name, Unit: unit, Sort: sort, derived: true, num: num, den: den, Of: func(row *foule.Metrics) float64 {
		if row[den] == 0 {
			return 0
		}
		return float64(row[num]) / float64(row[den]) / by
	}}
}

// centsPerUnit: revenue is stored in hundredths, whatever the currency.
const centsPerUnit = 100

// milliPerUnit: values of custom events are stored in thousandths.
const milliPerUnit = 1000

// The columns. Counters keep their stored name where a person would
// understand it.
var (
	visitors        = stored(foule.Visitors, "visitors", UnitCount)
	visits          = stored(foule.Visits, "visits", UnitCount)
	hits            = stored(foule.Hits, "hits", UnitCount)
	actions         = stored(foule.Actions, "actions", UnitCount)
	bounces         = stored(foule.Bounces, "bounces", UnitCount)
	seconds         = stored(foule.Seconds, "seconds", UnitSeconds)
	convertedVisits = stored(foule.ConvertedVisits, "converted_visits", UnitCount)
	conversions     = stored(foule.Conversions, "conversions", UnitCount)
	revenue         = scaled(foule.Revenue, "revenue", UnitMoney, centsPerUnit)
	entries         = stored(foule.Entries, "entries", UnitCount)
	entryBounces    = stored(foule.EntryBounces, "entry_bounces", UnitCount)
	exits           = stored(foule.Exits, "exits", UnitCount)
	eventValue      = scaled(foule.Value, "event_value", UnitNumber, milliPerUnit)
	eventValueCount = stored(foule.ValueCount, "event_value_count", UnitCount)

	bounceRate      = quotient(foule.Bounces, foule.Visits, "bounce_rate", UnitRatio, 1, foule.Visits)
	avgVisitSeconds = quotient(foule.Seconds, foule.Visits, "avg_visit_seconds", UnitSeconds, 1, foule.Visits)
	actionsPerVisit = quotient(foule.Actions, foule.Visits, "actions_per_visit", UnitNumber, 1, foule.Visits)
	conversionRate  = quotient(foule.ConvertedVisits, foule.Visits, "conversion_rate", UnitRatio, 1, foule.Visits)

	// Of a page, as in Matomo: of the visits that began here, those that bounced; of
	// the visits that saw it, those that ended here; time on page by page view.
	pageBounceRate = quotient(foule.EntryBounces, foule.Entries, "bounce_rate", UnitRatio, 1, foule.Entries)
	exitRate       = quotient(foule.Exits, foule.Visits, "exit_rate", UnitRatio, 1, foule.Visits)
	avgPageSeconds = quotient(foule.Seconds, foule.Hits, "avg_page_seconds", UnitSeconds, 1, foule.Hits)

	avgEventValue = quotient(foule.Value, foule.ValueCount, "avg_event_value", UnitNumber, milliPerUnit, foule.ValueCount)
	avgRevenue    = quotient(foule.Revenue, foule.Conversions, "avg_revenue", UnitMoney, centsPerUnit, foule.Conversions)
)

// Of what is bought, seen or shown, counters have names of their own.
var (
	orders         = stored(foule.Conversions, "orders", UnitCount)
	carts          = stored(foule.Conversions, "carts", UnitCount)
	quantity       = stored(foule.Quantity, "quantity", UnitCount)
	views          = stored(foule.Hits, "views", UnitCount)
	avgPrice       = quotient(foule.Revenue, foule.Quantity, "avg_price", UnitMoney, centsPerUnit, foule.Quantity)
	avgQuantity    = quotient(foule.Quantity, foule.Conversions, "avg_quantity", UnitNumber, 1, foule.Conversions)
	ordersPerVisit = quotient(foule.Conversions, foule.Visits, "conversion_rate", UnitRatio, 1, foule.Visits)

	// Of a search: pages of results by visit, as in Matomo, and the pages of the
	// site that were seen until the next search.
	pagesPerSearch = quotient(foule.Hits, foule.Visits, "pages_per_search", UnitNumber, 1, foule.Visits)
	pagesAfter     = stored(foule.Actions, "pages_after", UnitCount)

	impressions     = stored(foule.Hits, "impressions", UnitCount)
	interactions    = stored(foule.Interactions, "interactions", UnitCount)
	interactionRate = quotient(foule.Interactions, foule.Hits, "interaction_rate", UnitRatio, 1, foule.Hits)

	timed           = stored(foule.ValueCount, "timed", UnitCount)
	avgTiming       = quotient(foule.Value, foule.ValueCount, "avg_seconds", UnitSeconds, milliPerUnit, foule.ValueCount)
	avgValueSeconds = quotient(foule.Seconds, foule.Hits, "avg_seconds", UnitSeconds, 1, foule.Hits)
)

// The column sets, in order of display: what people read first, then the raw
// counters behind the ratios, which programs want.
var (
	visitColumns = []Column{
		visitors, visits, hits, actions, bounceRate, avgVisitSeconds, actionsPerVisit,
		conversionRate, conversions, revenue, bounces, seconds, convertedVisits,
	}
	pageColumns = []Column{
		hits, visits, visitors, entries, exits, pageBounceRate, exitRate, avgPageSeconds, entryBounces, seconds,
	}
	occurrenceColumns = []Column{hits, visits, visitors}
	eventColumns      = []Column{hits, visits, visitors, eventValue, avgEventValue, eventValueCount}
	goalColumns       = []Column{conversions, visits, visitors, revenue, avgRevenue}
	excludedColumns   = []Column{hits}
	bucketColumns     = []Column{hits}

	searchColumns      = []Column{hits, visits, visitors, pagesPerSearch, pagesAfter}
	noResultColumns    = []Column{hits, visits, visitors, pagesPerSearch}
	contentColumns     = []Column{impressions, interactions, interactionRate, visits, visitors}
	timingColumns      = []Column{avgTiming, timed, visits, visitors}
	stepColumns        = []Column{visits, visitors}
	basketColumns      = []Column{conversions, revenue, quantity, avgRevenue, visits, visitors}
	productColumns     = []Column{revenue, quantity, orders, avgPrice, avgQuantity, views, visits, visitors, ordersPerVisit}
	cartColumns        = []Column{revenue, quantity, carts, avgPrice, avgQuantity, visitors}
	actionValueColumns = []Column{hits, visits, visitors, avgValueSeconds, seconds}
)
