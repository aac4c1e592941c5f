package matomo

import (
	"net/http"
	"strconv"
)

// Error is why a request or one of its hits is not taken.
type Error struct {
	Status int    // HTTP status of the answer
	Reason string // one of few constant words, for counters
	Text   string // what the client did wrong, in a sentence; holds nothing of what it sent
	Bulk   bool   // to be answered in the JSON form of bulk requests
	// NeedsToken says that the hit would be taken with a token that may write.
	NeedsToken bool
}

// Error gives status and sentence.
func (e *Error) Error() string { return "matomo: " + strconv.Itoa(e.Status) + ": " + e.Text }

// Faults of the request as a whole.
var (
	errMethod       = &Error{Status: http.StatusMethodNotAllowed, Reason: "method", Text: "hits are sent by GET or POST"}
	errURLTooLong   = &Error{Status: http.StatusRequestURITooLong, Reason: "url-size", Text: "the query string is too long; send it as the body of a POST"}
	errBodyTooLarge = &Error{Status: http.StatusRequestEntityTooLarge, Reason: "body-size", Text: "the body is too large; send fewer hits at a time"}
	errBulkTooMany  = &Error{Status: http.StatusRequestEntityTooLarge, Reason: "bulk-size", Text: "too many requests in one bulk; send fewer at a time", Bulk: true}
	errTimeout      = &Error{Status: http.StatusRequestTimeout, Reason: "timeout", Text: "the body did not arrive in time"}
	errBody         = &Error{Status: http.StatusBadRequest, Reason: "body", Text: "the body could not be read or inflated"}
	errEncoding     = &Error{Status: http.StatusUnsupportedMediaType, Reason: "encoding", Text: "the only Content-Encoding understood is gzip"}
	errBulkJSON     = &Error{Status: http.StatusBadRequest, Reason: "bulk-json", Text: "the bulk body is no valid JSON object", Bulk: true}
	errBulkEmpty    = &Error{Status: http.StatusBadRequest, Reason: "bulk-empty", Text: "the bulk body has no list of requests", Bulk: true}
)

// Faults of one hit: what Matomo answers 400 to.
var (
	errSite         = &Error{Status: http.StatusBadRequest, Reason: "site", Text: "idsite is missing or is no positive number"}
	errToken        = &Error{Status: http.StatusBadRequest, Reason: "token", NeedsToken: true, Text: "cip, country, region, city, lat and long need a token_auth with write access to the site"}
	errOldTime      = &Error{Status: http.StatusBadRequest, Reason: "time", NeedsToken: true, Text: "a cdt of more than 24 hours ago needs a token_auth with write access to the site"}
	errVisitorID    = &Error{Status: http.StatusBadRequest, Reason: "visitor-id", Text: "cid is not 16 hexadecimal digits"}
	errBlankEvent   = &Error{Status: http.StatusBadRequest, Reason: "event", Text: "e_c or e_a is blank"}
	errBlankContent = &Error{Status: http.StatusBadRequest, Reason: "content", Text: "c_n is blank"}
	errTiming       = &Error{Status: http.StatusBadRequest, Reason: "timing", Text: "a pf_ value is negative"}
	errNoAction     = &Error{Status: http.StatusBadRequest, Reason: "action", Text: "ca=1, but the request names no action that is known"}
)
