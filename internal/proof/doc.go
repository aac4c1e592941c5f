// Package proof is the report of a canary proof: what was sent, where it was
// looked for, what was found, and the signature under it. It stands at the end
// of the command "collector prove" and is a leaf: it knows neither hits nor
// stores.
//
// A report is JSON, signed with Ed25519 (sign.go), and can be read by people in
// French and English (text.go).
package proof
