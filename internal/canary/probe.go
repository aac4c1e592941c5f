package canary

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Probe is a request, and the status that shows how far it came.
type Probe struct {
	Method  string // "": GET
	Path    string // "": /matomo.php
	Query   url.Values
	Headers map[string]string
	Body    string
	Peer    string // address to connect from; "" for any
	Status  int
	Again   int // status from the second time on, if it is another; 0 if not
}

// agent is what probes have for a user agent that say nothing else.
const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// answerTime bounds the wait for an answer.
const answerTime = 30 * time.Second

// Send sends the request to a collector at base, and gives the answer's status
// and all its bytes, headers first.
func (one *Probe) Send(ctx context.Context, base string) (status int, answer []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	req, err := one.request(ctx, base)
	if err != nil {
		return 0, nil, err
	}
	way := http.DefaultTransport
	if one.Peer != "" {
		own := &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(one.Peer)}}).DialContext}
		defer own.CloseIdleConnections()
		way = own
	}
	res, err := way.RoundTrip(req)
	if err != nil {
		return 0, nil, fmt.Errorf("canary: send a request: %w", err)
	}
	defer res.Body.Close()
	var all bytes.Buffer
	if err := res.Header.Write(&all); err != nil {
		return 0, nil, err
	}
	if _, err := io.Copy(&all, res.Body); err != nil {
		return 0, nil, fmt.Errorf("canary: read an answer: %w", err)
	}
	return res.StatusCode, all.Bytes(), nil
}

func (one *Probe) request(ctx context.Context, base string) (*http.Request, error) {
	method, path := one.Method, one.Path
	if method == "" {
		method = http.MethodGet
	}
	if path == "" {
		path = "/matomo.php"
	}
	if one.Query != nil {
		path += "?" + one.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(one.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", agent)
	for name, value := range one.Headers {
		req.Header.Set(name, value)
	}
	return req, nil
}

// SendRaw writes garbage to a collector and gives what comes back.
func SendRaw(ctx context.Context, base, garbage string) (answer []byte, err error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		return nil, fmt.Errorf("canary: connect: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(conn, garbage); err != nil {
		return nil, fmt.Errorf("canary: send garbage: %w", err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		return nil, err
	}
	answer, _ = io.ReadAll(conn) // it may be cut off, and that is an answer too
	return answer, nil
}

// bulk is a body of several hits.
func bulk(token string, hits ...url.Values) string {
	queries := make([]string, len(hits))
	for i, h := range hits {
		queries[i] = "?" + h.Encode()
	}
	body, err := json.Marshal(map[string]any{"requests": queries, "token_auth": token})
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return string(body)
}

func squeezed(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s) // into memory: cannot fail
	_ = w.Close()
	return b.String()
}
