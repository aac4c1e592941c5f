// Package ingest is the public edge: it takes tracking requests, and it is
// where the stages of a hit's journey are put in order.
//
// way.go is the one page that names the stages; read it first. Around it stand
// the HTTP [Endpoint] (limits, answers), [Sites] (which sites there are and what
// a token may do), the [Sequencer] (order, journal, aggregate) and the [Drain]
// (closed segments into the store).
//
//	handlers (many)            sequencer (one goroutine)             drain (one goroutine)
//	decode, anonymise ──hits──► number, journal, fsync, count ──batch──► store.Apply
//	      ▲                        │ acknowledge    ▲                       │
//	      └────────────────────────┘                └──────confirmed────────┘
//
// What a crash loses: before the fsync, hits that were never acknowledged;
// after it, nothing. When a stage is full, the one before it waits: a slow or
// absent store leaves segments on disk, a full journal refuses hits with 503.
package ingest
