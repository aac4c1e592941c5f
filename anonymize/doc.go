// Package anonymize is the door that no identifier passes.
//
// It stands between ingest, which decodes requests into [Hit]s, and the
// journal. In comes a Hit with the client's address, user agent, ids, full URL
// and full referrer; out goes a [foule.Event], which has no field that could
// hold any of them (invariant I1), and a [Key] that tells visitors of one
// site's day apart and lives in memory only (invariant I8).
//
// The order of work is the order of [Pipeline.Event]: exclusions that need the
// full address, truncation of the address, dropping what the site does not collect
// (wants.go), and only then everything that is learned from the rest. Look-ups are
// leaves: device, referrer, geo, scrub.
//
// Only ingest and cmd/collector may import this package: who cannot name a Hit
// cannot leak one.
package anonymize
