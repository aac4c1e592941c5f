package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"foule.eu/foule/report"
	"foule.eu/foule/storage"
	"foule.eu/foule/web/auth"
)

var (
	errMethod = errors.New("only GET and HEAD are answered here")
	errSlow   = errors.New("the answer took too long")
)

// fault is the body of every answer that is not a success.
type fault struct {
	Error faultBody `json:"error"`
}

type faultBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"` // the parameter at fault
	Rule    string `json:"rule,omitempty"`  // the requirement for which something is not collected
}

// refuse answers an error with its status. What went wrong inside goes to the
// log and not to the client.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, body := faultOf(err)
	if status >= http.StatusInternalServerError && !errors.Is(r.Context().Err(), context.Canceled) {
		s.Log.Error("api answer", "path", r.URL.Path, "status", status, "error", err)
	}
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="foule"`)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "10")
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(fault{body}) // a client that is gone needs no answer
}

func faultOf(err error) (int, faultBody) {
	var badQuestion *report.BadQuestion
	var absent *report.NotCollected
	switch {
	case errors.As(err, &absent):
		return http.StatusForbidden, faultBody{"not_collected", "this site does not collect it: " + absent.Reason.EN, absent.Field, absent.Rule}
	case errors.As(err, &badQuestion):
		status, code := http.StatusBadRequest, "bad_request"
		if badQuestion.Field == "report" { // stands in the path
			status, code = http.StatusNotFound, "not_found"
		}
		return status, faultBody{Code: code, Message: badQuestion.Reason, Field: badQuestion.Field}
	case errors.Is(err, auth.ErrNoCredentials), errors.Is(err, auth.ErrBadCredentials):
		return http.StatusUnauthorized, faultBody{Code: "unauthorized", Message: "send a valid token: Authorization: Bearer TOKEN"}
	case errors.Is(err, auth.ErrForbidden):
		return http.StatusForbidden, faultBody{Code: "forbidden", Message: "this token may not see that"}
	case errors.Is(err, auth.ErrTooMany):
		return http.StatusTooManyRequests, faultBody{Code: "too_many_requests", Message: "slow down; see Retry-After"}
	case errors.Is(err, storage.ErrNotFound):
		return http.StatusNotFound, faultBody{Code: "not_found", Message: "there is nothing here"}
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed, faultBody{Code: "method_not_allowed", Message: errMethod.Error()}
	case errors.Is(err, errSlow): // first, since engines have words of their own for an interrupted query
		return http.StatusServiceUnavailable, faultBody{Code: "timeout", Message: "the answer took too long; ask for a shorter range"}
	case errors.Is(err, storage.ErrLimit):
		return http.StatusUnprocessableEntity, faultBody{Code: "too_large", Message: "reading this takes more than the store allows for one question; ask for a shorter range, or without the filter"}
	case errors.Is(err, storage.ErrUnavailable):
		return http.StatusServiceUnavailable, faultBody{Code: "store_unavailable", Message: "the store does not answer; no hit is lost meanwhile; see Retry-After"}
	}
	return http.StatusInternalServerError, faultBody{Code: "internal", Message: "something went wrong; the log says what"}
}
