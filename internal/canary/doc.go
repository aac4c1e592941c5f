// Package canary plants unique texts and addresses in tracking requests and
// looks for them in whatever a collector wrote. It stands outside a hit's
// journey, at both of its ends: in front of the endpoint, where it sends
// everything that a client can send, and behind the store, where nothing of it
// may be found but what is counted by design (invariants I1 and I8).
//
// The command "collector prove" and the tests in test/process use it; what is
// sent and what is searched for stands here and nowhere else.
//
// Start reading at [Plan]; the forms in which a marker is looked for stand in
// needle.go.
package canary
