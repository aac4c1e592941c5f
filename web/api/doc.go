// Package api is the JSON door of the reports: what a program sees where a
// person sees the dashboard.
//
// It stands at the end of a hit's journey. In comes an HTTP request with a
// bearer token (or the cookie of an open dashboard), out goes a report as JSON
// or CSV. Numbers come from package report alone and are only formatted here:
// ratios to four decimals, money in major units, labels as they are stored. It
// keeps nothing between requests but a rate limit, which it may forget.
//
// openapi.json is the contract; a test holds every route, parameter and answer
// against it. Start reading at routes.
package api
