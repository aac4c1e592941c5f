package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
)

// exception is an error in a server's own form.
type exception struct {
	code int
	text string // from "Code: " on
}

func (e *exception) Error() string { return e.text }

// refuse is an exception that the server itself raises, not the library.
func refuse(code int, name, text string) *exception {
	return &exception{code: code, text: fmt.Sprintf("Code: %d. DB::Exception: %s (%s)", code, text, name)}
}

func unsupported(what string) *exception {
	return refuse(48, "NOT_IMPLEMENTED", "chdbserver does not do "+what+".")
}

// exceptionStart is how the library's errors begin.
var exceptionStart = regexp.MustCompile(`^Code: (\d+)\. `)

// read takes any error for an exception.
func read(err error) *exception {
	if m := exceptionStart.FindStringSubmatch(err.Error()); m != nil {
		if code, notNumber := strconv.Atoi(m[1]); notNumber == nil {
			return &exception{code: code, text: err.Error()}
		}
	}
	return refuse(1001, "STD_EXCEPTION", err.Error())
}

// statuses of the codes that clients make mistakes with; 500 for others.
var statuses = map[int]int{
	36:  http.StatusBadRequest,     // BAD_ARGUMENTS
	62:  http.StatusBadRequest,     // SYNTAX_ERROR
	47:  http.StatusNotFound,       // UNKNOWN_IDENTIFIER
	60:  http.StatusNotFound,       // UNKNOWN_TABLE
	81:  http.StatusNotFound,       // UNKNOWN_DATABASE
	115: http.StatusNotFound,       // UNKNOWN_SETTING
	48:  http.StatusNotImplemented, // NOT_IMPLEMENTED
	497: http.StatusForbidden,      // ACCESS_DENIED
	516: http.StatusForbidden,      // AUTHENTICATION_FAILED
}

// fail answers with the exception: text, code in a header too, and a status.
func fail(w http.ResponseWriter, err error) {
	e := read(err)
	status, ok := statuses[e.code]
	if !ok {
		status = http.StatusInternalServerError
	}
	w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(e.code))
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, e.text)
}
