package matomo

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reply is what a client sees of an answer.
type reply struct {
	status      int
	contentType string
	body        string
	headers     map[string]string // those that the test asks for
}

const gifBase64 = "R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="

func TestReplies(t *testing.T) {
	pixel, err := base64.StdEncoding.DecodeString(gifBase64)
	if err != nil {
		t.Fatal(err)
	}
	get := request("GET", "/matomo.php", "")
	post := request("POST", "/matomo.php", "")
	browser := request("POST", "/matomo.php", "", "Origin: https://shop.example")
	noCORS := map[string]string{
		"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin",
		"Access-Control-Allow-Origin": "", "Access-Control-Allow-Credentials": "", "Tk": "", "Vary": "",
	}
	for _, tt := range []struct {
		name  string
		write func(w http.ResponseWriter)
		want  reply
	}{
		{"tracked", func(w http.ResponseWriter) { WriteTracked(w, get, true, false) },
			reply{200, "image/gif", string(pixel), noCORS}},
		{"tracked without image", func(w http.ResponseWriter) { WriteTracked(w, get, false, false) },
			reply{204, "", "", noCORS}},
		{"left out for DNT", func(w http.ResponseWriter) { WriteTracked(w, get, true, true) },
			reply{200, "image/gif", string(pixel), map[string]string{"Tk": "N"}}},
		{"posted by a browser", func(w http.ResponseWriter) { WriteTracked(w, browser, false, false) },
			reply{204, "", "", map[string]string{
				"Access-Control-Allow-Origin": "https://shop.example", "Access-Control-Allow-Credentials": "true",
				"Vary": "Origin", "Cache-Control": "no-store", "Set-Cookie": ""}}},
		{"posted by a program", func(w http.ResponseWriter) { WriteTracked(w, post, true, false) },
			reply{200, "image/gif", string(pixel), map[string]string{"Access-Control-Allow-Origin": "*"}}},
		{"preflight", func(w http.ResponseWriter) { WritePreflight(w) },
			reply{204, "", "", map[string]string{
				"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*", "Access-Control-Allow-Methods": "GET, POST"}}},
		{"bulk", func(w http.ResponseWriter) {
			WriteBulk(w, post, BulkReply{Tracked: 3, Invalid: []int{1, 4}, SendImage: true})
		}, reply{200, "application/json", `{"status":"success","tracked":3,"invalid":2}`, nil}},
		{"bulk with indices", func(w http.ResponseWriter) {
			WriteBulk(w, post, BulkReply{Tracked: 3, Invalid: []int{1, 4}, ShowInvalid: true, SendImage: true})
		}, reply{200, "application/json", `{"status":"success","tracked":3,"invalid":2,"invalid_indices":[1,4]}`, nil}},
		{"bulk with no indices to show", func(w http.ResponseWriter) {
			WriteBulk(w, post, BulkReply{Tracked: 3, ShowInvalid: true, SendImage: true})
		}, reply{200, "application/json", `{"status":"success","tracked":3,"invalid":0,"invalid_indices":[]}`, nil}},
		{"bulk without image", func(w http.ResponseWriter) { WriteBulk(w, post, BulkReply{Tracked: 3}) },
			reply{204, "", "", nil}},
		{"bulk stopped in the middle", func(w http.ResponseWriter) {
			WriteBulkError(w, post, 503, BulkReply{Tracked: 3, Invalid: []int{1}})
		}, reply{503, "application/json", `{"status":"error","tracked":3,"invalid":1}`, nil}},
		{"bulk undecodable", func(w http.ResponseWriter) { WriteError(w, post, errBulkJSON) },
			reply{400, "application/json", `{"status":"error","tracked":0,"invalid":0}`, nil}},
		{"no site", func(w http.ResponseWriter) { WriteError(w, get, errSite) },
			reply{400, "text/plain; charset=utf-8", "idsite is missing or is no positive number\n", noCORS}},
		{"method", func(w http.ResponseWriter) { WriteError(w, get, errMethod) },
			reply{405, "text/plain; charset=utf-8", "hits are sent by GET or POST\n", map[string]string{"Allow": "GET, HEAD, POST, OPTIONS"}}},
		{"nothing asked", func(w http.ResponseWriter) { WriteEmpty(w, get) },
			reply{200, "text/html; charset=utf-8", info, noCORS}},
		{"nothing posted", func(w http.ResponseWriter) { WriteEmpty(w, post) },
			reply{400, "text/plain; charset=utf-8", "the request has no parameters\n", nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			tt.write(w)
			got := reply{status: w.Code, contentType: w.Header().Get("Content-Type"), body: w.Body.String()}
			for name := range tt.want.headers {
				if got.headers == nil {
					got.headers = map[string]string{}
				}
				got.headers[name] = w.Header().Get(name)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(reply{})); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}
