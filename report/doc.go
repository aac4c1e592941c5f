// Package report answers questions about the audience: it is the catalogue of
// what can be asked, and the one place where counters become a table.
//
// It stands at the far end of a hit's journey, between storage, which sums
// counters, and web, which shows them. A [Question] comes in (site, range,
// grain, report, filter), an [Answer] goes out: rows of counters by label or
// by time bucket, with the sums that make the 100 % of the table. It keeps
// nothing: every answer is computed from the store. It knows neither HTTP nor
// how a hit was counted.
//
// Start reading at [All], the table of reports, and [Service.Ask].
//
// # One exit
//
// Every number that leaves the house passes this package: [Service.Ask], or
// [Service.Live], [Service.Speed], [Service.Funnel] and [Service.Flow], which
// each answer one page. Nothing else hands counters to web (invariant I9).
//
// # Visitors
//
// A visitor is known for one site-local day only, so visitors of a longer
// range, a week or a month are the sum of its days' visitors.
package report
