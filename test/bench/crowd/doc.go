// Package crowd makes up the aggregates of a busy site for measurements, by
// really counting: it draws visits, plays their hits through package aggregate
// under the default settings and gives the batches that come out, as a
// collector would send them to a store. So the tables have the shape of real
// ones: labels that depend on each other, counts below k under (other), the caps
// on labels and pairs, differences that take back what moved.
//
// # A year without counting it
//
// Counting a day of 100,000 visits takes seconds. A [Year] therefore counts a
// few days of each weekday and tells the others after them: the visits of such a
// day are those of a counted one, but under the texts that are in use on that
// day. What a visit is about is drawn as a number (the third most popular page,
// the fifth newest article, a campaign's place in the plan), and each day has
// its own texts for the numbers: articles and campaigns come and go, and labels
// that are about equally popular trade places from day to day. A text stands
// for one number a day, so every sum that agreed still agrees (invariant I3),
// and no label's series repeats itself.
//
// The same site and seed give the same batches.
package crowd
