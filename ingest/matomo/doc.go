// Package matomo is the first station of a hit's journey: it reads the wire
// form of Matomo's tracking API and hands on [anonymize.Hit] values.
//
// In comes an HTTP request: a query string, a form, a beacon, or a bulk of
// hits as JSON. Out goes a [Request] with one [Params] per hit, which
// [Params.Resolve] turns into a Hit once the caller has looked up site and
// token; the answers that Matomo's clients expect are written by the Write
// functions. The package knows no store, no clock and no settings. It keeps
// nothing: what it decoded may be forgotten when the request is answered.
//
// Decoded strings are cut from the request's own text or from one buffer per
// request. Whoever keeps one longer than the request must clone it, or it
// keeps every identifier of the request in memory with it.
//
// Start reading at [Read], then at Params.set, which is the table of wire
// names.
//
// # Where it is kinder than Matomo
//
// A bulk that cannot be decoded, or that holds no requests, is answered 400
// (Matomo: 200, and the data is lost unnoticed). The literal value
// "undefined", which JavaScript clients send for unset fields, is absence. A
// page URL whose query is already UTF-8 is left alone whatever cs says. A
// number too large to be an amount (beyond ±1e12) is absent, as are text,
// NaN and infinities: one odd hit must not spoil a sum.
//
// # Accepted and dropped
//
// Read only as far as a 400 rule needs it: cid (16 hex digits), lat and long
// (need a token). Not read at all: _id, uid, _idn, _idts, _idvc, _viewts, _ects,
// _ref, _refts, _rcn, _rck, cookie, m, s, apiv, r, rand, fla, java, qt, realp,
// pdf, wma, ag, dir, gears, cvar, _cvar, e_cvar, gt_ms, bw_bytes, http_status,
// recMode, source, dp, queuedtracking, debug, data, the parameters of
// Matomo's plugins (ma_, fa_, hsr_, cra_, ab_), and whatever else clients add.
//
// That identifiers, coordinates, custom variables, plug-ins and the minutes of a
// visitor's clock came is noted by name (Hit.Sent), so that a site can show what it
// throws away. consent is read, and means nothing where the site does not ask for it.
package matomo
