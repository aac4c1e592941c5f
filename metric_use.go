package foule

// The counters that rows use, by what they are about.
var (
	ofVisits    = []Metric{Visitors, Visits, Hits, Actions, Bounces, Seconds, ConvertedVisits, Conversions, Revenue}
	ofPages     = []Metric{Visitors, Visits, Hits, Seconds, Entries, EntryBounces, Exits}
	ofDeeds     = []Metric{Visitors, Visits, Hits}
	ofSearches  = []Metric{Visitors, Visits, Hits, Actions}
	ofEvents    = []Metric{Visitors, Visits, Hits, Value, ValueCount}
	ofSales     = []Metric{Visitors, Visits, Hits, ConvertedVisits, Conversions, Revenue, Quantity}
	ofContents  = []Metric{Visitors, Visits, Hits, Interactions}
	ofValues    = []Metric{Visitors, Visits, Hits, Seconds}
	ofOccasions = []Metric{Hits}
)

// Metrics lists the counters that the dimension's rows use, in order; the others
// are zero in each of them, so that a store need neither read nor, in a row that
// it makes, write them. by is the other dimension of a two-way table, DimTotal
// for plain rows. The list is not to be changed.
func (d Dimension) Metrics(by Dimension) []Metric {
	switch by {
	case DimGoal, DimTiming: // counts conversions, or times, by what brought or took them
		d = by
	}
	switch d {
	case DimPage, DimTitle:
		return ofPages
	case DimSearch, DimSearchCategory:
		return ofSearches
	case DimEventCategory, DimEventAction, DimEventName, DimTiming:
		return ofEvents
	case DimGoal, DimProductSKU, DimProduct, DimProductCategory, DimCartSKU, DimCartProduct, DimCartCategory, DimBasket:
		return ofSales
	case DimContentName, DimContentPiece, DimContentTarget:
		return ofContents
	case DimExcluded, DimCrawler, DimDropped:
		return ofOccasions
	}
	switch {
	case d.IsActionValue():
		return ofValues
	case d.Info().Scope == ScopeAction:
		return ofDeeds
	}
	return ofVisits
}

// OfVisitors are the counters that take a visitor's key: whose hits they are, or
// what the other hits of the visit were. Where nobody is told apart they are zero
// and say nothing. The list is not to be changed.
var OfVisitors = []Metric{Visitors, Bounces, Seconds, ConvertedVisits, EntryBounces, Exits}
