package matomo

import (
	"io"
	"net/http"
	"strconv"
)

// gif is the transparent pixel that Matomo answers with.
const gif = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00" +
	",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

const info = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Tracking endpoint</title></head>
<body><p>This is the tracking endpoint of Foule, audience measurement that counts the crowd and never the person. It understands Matomo's tracking API.</p></body></html>
`

// BulkReply is how a bulk went.
type BulkReply struct {
	Tracked int // elements that are safe, those that were excluded on purpose included
	// Invalid holds the Params.Index of the elements that alone would have
	// got 400.
	Invalid []int
	// ShowInvalid lists them in the answer: only for a super user's token.
	ShowInvalid bool
	// SendImage is that of the Request.
	SendImage bool
}

// WriteTracked answers a single hit, counted or left out alike: the client
// cannot tell. doNotTrack adds the header that says the wish was respected.
func WriteTracked(w http.ResponseWriter, r *http.Request, sendImage, doNotTrack bool) {
	setHeaders(w.Header(), r)
	if doNotTrack {
		w.Header().Set("Tk", "N")
	}
	if !sendImage {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	write(w, http.StatusOK, "image/gif", gif)
}

// WriteBulk answers a bulk that was read to its end.
func WriteBulk(w http.ResponseWriter, r *http.Request, b BulkReply) {
	setHeaders(w.Header(), r)
	if !b.SendImage {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	write(w, http.StatusOK, "application/json", b.json("success"))
}

// WriteBulkError answers a bulk that stopped in the middle: the client takes
// the first b.Tracked elements for done and sends the rest again.
func WriteBulkError(w http.ResponseWriter, r *http.Request, status int, b BulkReply) {
	setHeaders(w.Header(), r)
	write(w, status, "application/json", b.json("error"))
}

// WriteError answers a request that was not taken.
func WriteError(w http.ResponseWriter, r *http.Request, fault *Error) {
	if fault.Status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, HEAD, POST, OPTIONS")
	}
	if fault.Bulk {
		WriteBulkError(w, r, fault.Status, BulkReply{})
		return
	}
	setHeaders(w.Header(), r)
	write(w, fault.Status, "text/plain; charset=utf-8", fault.Text+"\n")
}

// WriteEmpty answers a request without any parameter: GET gets a text that
// health checks look for, POST is a mistake.
func WriteEmpty(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header(), r)
	if r.Method == http.MethodPost {
		write(w, http.StatusBadRequest, "text/plain; charset=utf-8", "the request has no parameters\n")
		return
	}
	write(w, http.StatusOK, "text/html; charset=utf-8", info)
}

// WritePreflight answers OPTIONS; nothing is tracked.
func WritePreflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "*")
	h.Set("Access-Control-Allow-Origin", "*")
	w.WriteHeader(http.StatusNoContent)
}

// setHeaders sets what every answer has. matomo.js posts with credentials, and
// then browsers want the origin by name; no cookie is ever set or needed.
func setHeaders(h http.Header, r *http.Request) {
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		origin = "*"
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Add("Vary", "Origin")
}

// write sends a whole answer. That the client may have gone is its affair.
func write(w http.ResponseWriter, status int, contentType, body string) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (b BulkReply) json(status string) string {
	out := make([]byte, 0, 96+8*len(b.Invalid))
	out = append(out, `{"status":"`...)
	out = append(out, status...)
	out = append(out, `","tracked":`...)
	out = strconv.AppendInt(out, int64(b.Tracked), 10)
	out = append(out, `,"invalid":`...)
	out = strconv.AppendInt(out, int64(len(b.Invalid)), 10)
	if b.ShowInvalid {
		out = append(out, `,"invalid_indices":[`...)
		for i, index := range b.Invalid {
			if i > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendInt(out, int64(index), 10)
		}
		out = append(out, ']')
	}
	return string(append(out, '}'))
}
