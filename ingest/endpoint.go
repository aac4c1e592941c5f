package ingest

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/anonymize"
	"foule.eu/foule/ingest/journal"
	"foule.eu/foule/ingest/matomo"
)

// Endpoint is the tracking endpoint, /matomo.php and its other names. It is
// safe for concurrent use.
type Endpoint struct {
	Sites    *Sites
	Pipeline *anonymize.Pipeline
	Sequence *Sequencer
	Limits   matomo.Limits
	// Address tells the client's address, believing proxies as far as configured.
	Address func(*http.Request) netip.Addr
	Now     func() time.Time
	Metrics *Metrics

	large chan struct{} // slots for large requests
}

// NewEndpoint completes an endpoint whose exported fields are set.
func NewEndpoint(e Endpoint) *Endpoint {
	e.large = make(chan struct{}, largeSlots)
	return &e
}

// caller is what belongs to all hits of a request.
type caller struct {
	ctx     context.Context
	address netip.Addr
	bearer  string // the request's token
}

// token gives the token that a hit comes with: its own, else the request's.
func (c caller) token(p *matomo.Params) string {
	if p.Token != "" {
		return p.Token
	}
	return c.bearer
}

func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		matomo.WritePreflight(w)
		return
	}
	leave, err := e.enter(r)
	if err != nil {
		e.busy(w, r, err, nil)
		return
	}
	defer leave()
	req, err := matomo.Read(r, e.Limits)
	var fault *matomo.Error
	if errors.As(err, &fault) {
		e.Metrics.refused(fault.Reason)
		matomo.WriteError(w, r, fault)
		return
	}
	c := caller{ctx: r.Context(), address: e.Address(r), bearer: req.Token}
	switch {
	case req.Empty:
		matomo.WriteEmpty(w, r)
	case req.Bulk:
		e.bulk(w, r, req, c)
	default:
		e.single(w, r, req, c)
	}
}

// largeBody is from where on a request takes so much memory that only a few are
// read at a time.
const (
	largeBody  = 128 << 10
	largeSlots = 8
)

// enter waits for a slot if the request may be large, and gives the function
// that frees it. An error says that none came free in time.
func (e *Endpoint) enter(r *http.Request) (leave func(), err error) {
	if r.ContentLength >= 0 && r.ContentLength < largeBody && r.Header.Get("Content-Encoding") == "" {
		return func() {}, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	select {
	case e.large <- struct{}{}:
		return func() { <-e.large }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (e *Endpoint) single(w http.ResponseWriter, r *http.Request, req *matomo.Request, c caller) {
	hit, fault := e.way(&req.Hits[0], c, e.Now())
	if fault == errAway {
		e.busy(w, r, errNotAsked, nil)
		return
	}
	if fault != nil {
		e.Metrics.refused(fault.Reason)
		matomo.WriteError(w, r, fault)
		return
	}
	if hit.event.Kind != 0 {
		hits := []counted{hit}
		if err := e.submit(r, foule.Part{}, hits); err != nil {
			e.busy(w, r, err, nil)
			return
		}
		if hits[0].repeated {
			e.Metrics.refused(errOrder.Reason)
			matomo.WriteError(w, r, errOrder)
			return
		}
	}
	matomo.WriteTracked(w, r, req.SendImage, hit.event.Reason == anonymize.ReasonDoNotTrack)
}

// bulkGroup is how many hits of a bulk become durable together.
const bulkGroup = 1000

// bulk takes the hits group by group, so that what is reported as tracked is
// safe and the rest can be sent again.
func (e *Endpoint) bulk(w http.ResponseWriter, r *http.Request, req *matomo.Request, c caller) {
	b := bulk{endpoint: e, request: r, caller: c, now: e.Now(), part: foule.Part{Import: req.Import, Request: req.Part}}
	switch fault := b.mayImport(); fault {
	case nil:
	case errAway:
		e.busy(w, r, errNotAsked, &matomo.BulkReply{})
		return
	default:
		e.Metrics.refused(fault.Reason)
		matomo.WriteError(w, r, fault)
		return
	}
	for i := range req.Hits {
		b.take(&req.Hits[i])
		if len(b.group) == bulkGroup && req.Import == 0 {
			b.flush(req.Hits[i].Index + 1)
		}
		if b.err != nil {
			break
		}
	}
	b.flush(0)
	if b.err != nil {
		// Clients take the first so many elements as done, invalid ones included.
		e.busy(w, r, b.err, &matomo.BulkReply{Tracked: b.safe})
		return
	}
	slices.Sort(b.invalid)
	matomo.WriteBulk(w, r, matomo.BulkReply{
		Tracked: b.tracked, Invalid: b.invalid, SendImage: req.SendImage, ShowInvalid: e.Sites.isAdmin(r.Context(), req.Token),
	})
}

// bulk is the way of many hits in one request.
type bulk struct {
	endpoint *Endpoint
	request  *http.Request
	caller   caller
	now      time.Time
	part     foule.Part // of an import: its hits become durable all together
	group    []counted
	tracked  int   // elements that need no more work once the group is durable
	invalid  []int // their Params.Index
	safe     int   // leading elements that are done for good
	err      error
}

func (b *bulk) take(p *matomo.Params) {
	hit, fault := b.endpoint.way(p, b.caller, b.now)
	if fault == errAway {
		b.err = errNotAsked
		return
	}
	if fault != nil {
		b.refuse(fault, p.Index)
		return
	}
	b.tracked++
	if hit.event.Kind != 0 {
		b.group = append(b.group, hit)
	}
}

// flush makes the group durable, and with it the first so many elements done.
func (b *bulk) flush(elements int) {
	if b.err != nil {
		return
	}
	if b.err = b.endpoint.submit(b.request, b.part, b.group); b.err != nil {
		return
	}
	for i := range b.group {
		if b.group[i].repeated {
			b.refuse(errOrder, b.group[i].index)
			b.tracked--
		}
	}
	b.safe, b.group = elements, b.group[:0]
}

// mayImport says why the request may not be remembered as a part of an import:
// memory is for those who have a token.
func (b *bulk) mayImport() *matomo.Error {
	if b.part == (foule.Part{}) {
		return nil
	}
	ok, err := b.endpoint.Sites.mayImport(b.request.Context(), b.caller.bearer)
	switch {
	case err != nil:
		return errAway
	case !ok:
		return errImport
	}
	return nil
}

func (b *bulk) refuse(fault *matomo.Error, index int) {
	b.endpoint.Metrics.refused(fault.Reason)
	b.invalid = append(b.invalid, index)
}

// submit hands hits to the sequencer and waits until they are durable.
func (e *Endpoint) submit(r *http.Request, part foule.Part, hits []counted) error {
	if len(hits) == 0 {
		return nil
	}
	return e.Sequence.SubmitPart(r.Context(), part, hits)
}

// busy answers that hits could not be made durable: the client is to come again.
func (e *Endpoint) busy(w http.ResponseWriter, r *http.Request, err error, bulk *matomo.BulkReply) {
	wait := 5
	if errors.Is(err, journal.ErrFull) {
		wait = 60
	}
	e.Metrics.refused("busy")
	w.Header().Set("Retry-After", strconv.Itoa(wait))
	if bulk != nil {
		matomo.WriteBulkError(w, r, http.StatusServiceUnavailable, *bulk)
		return
	}
	matomo.WriteError(w, r, &matomo.Error{Status: http.StatusServiceUnavailable, Text: "the hit could not be kept; send it again later"})
}
