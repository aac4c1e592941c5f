package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
)

// maxStatement is how long a statement may be, as on a real server. Data is
// not bounded.
const maxStatement = 256 << 10

// server is ClickHouse's HTTP interface over the engine.
type server struct {
	engine   *engine
	accounts map[string]string // password by name
}

// notSettings are the URL parameters that are no setting of the engine.
var notSettings = map[string]bool{
	"query": true, "database": true, "default_format": true, "client_protocol_version": true,
	"query_id": true, "quota_key": true, "user": true, "password": true,
	"compress": true, "decompress": true, "wait_end_of_query": true, "buffer_size": true,
}

// insertNative is the end of an INSERT whose rows follow in the body.
var insertNative = regexp.MustCompile(`(?is)^\s*INSERT\s+INTO\s.*(\bFORMAT\s+Native\s*)$`)

// settingsClause stands behind FROM INFILE in the grammar, before FORMAT.
var settingsClause = regexp.MustCompile(`(?is)\sSETTINGS\s+\w+\s*=[^()]*$`)

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ping" {
		fmt.Fprintln(w, "Ok.")
		return
	}
	answer, err := s.answer(r)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	_, _ = w.Write(answer) // a client that went away needs no answer
}

// answer runs the request's statement and gives the whole body of the answer.
func (s *server) answer(r *http.Request) ([]byte, error) {
	if err := s.admit(r); err != nil {
		return nil, err
	}
	q := r.URL.Query()
	surroundings, err := readSession(q)
	if err != nil {
		return nil, err
	}
	revision, err := strconv.ParseUint(firstOf(q.Get("client_protocol_version"), "0"), 10, 64)
	if err != nil {
		return nil, refuse(36, "BAD_ARGUMENTS", "client_protocol_version is no number")
	}
	statement, release, err := readStatement(r, q, s.engine.spool)
	if err != nil {
		return nil, err
	}
	defer release()
	var answer []byte
	if err := s.engine.query(surroundings, statement, firstOf(q.Get("default_format"), "TabSeparated"), func(b []byte) error {
		var err error
		if answer, err = recodeAs(b, q.Get("default_format"), revision); err != nil || q.Get("compress") != "1" {
			return err
		}
		answer, err = squeeze(answer, method(q.Get("network_compression_method")))
		return err
	}); err != nil {
		return nil, err
	}
	return answer, nil
}

func recodeAs(b []byte, format string, revision uint64) ([]byte, error) {
	if format != "Native" {
		revision = 0
	}
	return recode(b, revision)
}

// admit checks name and password.
func (s *server) admit(r *http.Request) error {
	name, password, ok := r.BasicAuth()
	if !ok {
		name, password = r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")
	}
	if name == "" {
		name = "default"
	}
	if want, known := s.accounts[name]; !known || want != password {
		return refuse(516, "AUTHENTICATION_FAILED", name+": Authentication failed: password is incorrect, or there is no user with such name.")
	}
	return nil
}

// readSession takes the settings and bound parameters out of the URL.
func readSession(q url.Values) (session, error) {
	s := session{database: q.Get("database"), set: map[string]string{}}
	for key, values := range q {
		switch {
		case notSettings[key]:
		case len(values) != 1:
			return session{}, refuse(36, "BAD_ARGUMENTS", key+" is given twice.")
		default:
			s.set[key] = values[0]
		}
	}
	return s, nil
}

// readStatement gives the statement, and what to call when it has run. Rows
// that come with it go into a file for the library to read them from.
func readStatement(r *http.Request, q url.Values, dir string) (string, func(), error) {
	if enc := r.Header.Get("Content-Encoding"); enc != "" {
		return "", nil, unsupported("Content-Encoding " + enc)
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return "", nil, unsupported("external tables")
	}
	var body io.Reader = r.Body
	if q.Get("decompress") == "1" {
		body = unsqueeze(body)
	}
	statement := q.Get("query")
	insert := insertNative.FindStringSubmatchIndex(statement)
	if insert == nil {
		text, err := io.ReadAll(io.LimitReader(body, maxStatement+1))
		if err != nil {
			return "", nil, err
		}
		statement += string(text)
		if len(statement) > maxStatement {
			return "", nil, refuse(62, "SYNTAX_ERROR", "Max query size exceeded.")
		}
		return statement, func() {}, single(statement)
	}
	file, err := spool(body, dir)
	if err != nil {
		return "", nil, err
	}
	head, tail := statement[:insert[2]], statement[insert[2]:]
	if at := settingsClause.FindStringIndex(head); at != nil {
		head, tail = head[:at[0]]+" ", head[at[0]:]+tail
	}
	return head + "FROM INFILE " + literal(file) + " " + tail, func() { os.Remove(file) }, nil
}

// spool writes rows into a file. A body that ends too early leaves no trace.
func spool(body io.Reader, dir string) (string, error) {
	f, err := os.CreateTemp(dir, "*.native")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, body)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", refuse(33, "CANNOT_READ_ALL_DATA", "Cannot read all data: "+err.Error())
	}
	return f.Name(), nil
}

// single refuses what a real server refuses over HTTP and the library would run.
func single(statement string) error {
	rest := strings.TrimSpace(quoted.ReplaceAllString(statement, ""))
	if strings.Contains(strings.TrimRight(rest, "; \t\r\n"), ";") {
		return refuse(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed).")
	}
	return nil
}

// quoted is text in which a semicolon ends nothing: strings, names, comments.
var quoted = regexp.MustCompile(`(?s)'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|` + "`(?:[^`\\\\]|\\\\.)*`" + `|--[^\n]*|/\*.*?\*/`)

func method(name string) compress.Method {
	if strings.EqualFold(name, "ZSTD") {
		return compress.ZSTD
	}
	return compress.LZ4
}

func firstOf(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
