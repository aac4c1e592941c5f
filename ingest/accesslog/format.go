package accesslog

import (
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Format takes the lines of one log apart.
type Format interface {
	// Name is combined, caddy or w3c.
	Name() string
	// Parse reads a line. A line that holds no request, as a comment, gives ok false.
	Parse(line string) (r Record, ok bool, err error)
}

// errLine says nothing of the line: it may hold what nobody may see.
var errLine = errors.New("the line is not of the log's form")

// Names are the formats that can be asked for.
var Names = []string{"auto", "combined", "caddy", "w3c"}

// Detect gives the format of a log by one of its first lines; nil if it cannot
// be told. name, if not "auto", decides.
func Detect(name, line string) Format {
	line = strings.TrimSpace(line)
	switch {
	case name == "combined":
		return combined{}
	case name == "caddy":
		return caddy{}
	case name == "w3c":
		return &w3c{}
	case name != "auto" || line == "":
		return nil
	case line[0] == '{':
		return caddy{}
	case line[0] == '#':
		return &w3c{}
	}
	if _, ok, err := (combined{}).Parse(line); ok && err == nil {
		return combined{}
	}
	return nil
}

// combined is the log of nginx and Apache: "combined", "common", and Apache's
// "vhost_combined", which puts host:port in front.
type combined struct{}

// Name gives the format's name.
func (combined) Name() string { return "combined" }

// Parse reads a line.
func (combined) Parse(line string) (r Record, ok bool, err error) {
	rest := strings.TrimRight(line, "\r\n")
	if strings.TrimSpace(rest) == "" {
		return r, false, nil
	}
	first, rest, _ := strings.Cut(rest, " ")
	if r.IP, ok = parseIP(first); !ok {
		host, _, _ := strings.Cut(first, ":")
		r.Host = strings.ToLower(host)
		first, rest, _ = strings.Cut(rest, " ")
		if r.IP, ok = parseIP(first); !ok {
			return r, false, errLine
		}
	}
	_, rest, ok = strings.Cut(rest, "[")
	stamp, rest, closed := strings.Cut(rest, "]")
	if !ok || !closed {
		return r, false, errLine
	}
	if r.Time, err = time.Parse("02/Jan/2006:15:04:05 -0700", stamp); err != nil {
		return r, false, errLine
	}
	request, rest, ok := quoted(rest)
	if !ok {
		return r, false, errLine
	}
	method, target, _ := strings.Cut(request, " ")
	if i := strings.LastIndexByte(target, ' '); i >= 0 { // the protocol
		target = target[:i]
	}
	r.Method = method
	r.splitTarget(target)
	status, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if r.Status, err = strconv.Atoi(status); err != nil {
		return r, false, errLine
	}
	if ref, more, there := quoted(rest); there {
		r.Referrer, rest = given(ref), more
		if agent, _, there := quoted(rest); there {
			r.UserAgent = given(agent)
		}
	}
	return r, true, nil
}

// quoted gives the next text in double quotes and what follows it. Backslashes
// escape as servers write them: \" \\ \xHH.
func quoted(s string) (text, rest string, ok bool) {
	i := strings.IndexByte(s, '"')
	if i < 0 {
		return "", s, false
	}
	s = s[i+1:]
	end := 0
	for end < len(s) && s[end] != '"' {
		if s[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(s) {
		return "", "", false
	}
	return unescape(s[:end]), s[end+1:], true
}

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\' || i+1 == len(s):
			b.WriteByte(s[i])
		case s[i+1] == 'x' && i+3 < len(s):
			n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
			if err != nil {
				b.WriteByte('\\')
				continue
			}
			b.WriteByte(byte(n))
			i += 3
		default:
			i++
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// caddy is Caddy's JSON log.
type caddy struct{}

// Name gives the format's name.
func (caddy) Name() string { return "caddy" }

// caddyLine is what is read of a line.
type caddyLine struct {
	TS      json.RawMessage `json:"ts"`
	Status  int             `json:"status"`
	Request struct {
		RemoteIP   string              `json:"remote_ip"`
		RemoteAddr string              `json:"remote_addr"` // of Caddy before 2.5
		ClientIP   string              `json:"client_ip"`
		Method     string              `json:"method"`
		Host       string              `json:"host"`
		URI        string              `json:"uri"`
		Headers    map[string][]string `json:"headers"`
	} `json:"request"`
}

// Parse reads a line.
func (caddy) Parse(line string) (r Record, ok bool, err error) {
	if strings.TrimSpace(line) == "" {
		return r, false, nil
	}
	var l caddyLine
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		return r, false, errLine
	}
	q := &l.Request
	if q.Method == "" { // another message of the same log
		return r, false, nil
	}
	if r.Time, err = caddyTime(l.TS); err != nil {
		return r, false, errLine
	}
	for _, ip := range []string{q.ClientIP, q.RemoteIP, q.RemoteAddr} {
		if r.IP, ok = parseIP(ip); ok {
			break
		}
	}
	if !ok {
		return r, false, errLine
	}
	r.splitTarget(q.URI)
	host, _, _ := strings.Cut(q.Host, ":")
	r.Host, r.Method, r.Status = strings.ToLower(host), q.Method, l.Status
	r.Referrer, r.UserAgent = header(q.Headers, "Referer"), header(q.Headers, "User-Agent")
	return r, true, nil
}

func header(h map[string][]string, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// caddyTime reads the forms that Caddy's encoder can be set to: seconds as a
// number, or a text.
func caddyTime(raw json.RawMessage) (time.Time, error) {
	var sec float64
	if json.Unmarshal(raw, &sec) == nil {
		switch {
		case sec > 1e17:
			sec /= 1e9
		case sec > 1e11:
			sec /= 1e3
		}
		return time.Unix(int64(sec), 0), nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return time.Time{}, err
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000Z0700", "2006/01/02 15:04:05", "2006/01/02 15:04:05.000"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errLine
}

// w3c is the extended log format of CloudFront, IIS and others: a line
// "#Fields:" names the columns.
type w3c struct{ fields []string }

// Name gives the format's name.
func (*w3c) Name() string { return "w3c" }

// Parse reads a line.
func (f *w3c) Parse(line string) (r Record, ok bool, err error) {
	line = strings.TrimRight(line, "\r\n")
	if names, isFields := strings.CutPrefix(line, "#Fields:"); isFields {
		f.fields = strings.Fields(names)
		return r, false, nil
	}
	if line == "" || line[0] == '#' {
		return r, false, nil
	}
	values := strings.Split(line, "\t")
	if len(values) == 1 {
		values = strings.Fields(line)
	}
	if len(values) != len(f.fields) {
		return r, false, errLine
	}
	col := map[string]string{}
	for i, name := range f.fields {
		col[name] = given(values[i])
	}
	if r.Time, err = time.Parse("2006-01-02 15:04:05", col["date"]+" "+col["time"]); err != nil {
		return r, false, errLine
	}
	if r.IP, ok = parseIP(col["c-ip"]); !ok {
		return r, false, errLine
	}
	if r.Status, err = strconv.Atoi(col["sc-status"]); err != nil {
		return r, false, errLine
	}
	r.Method, r.Path, r.Query = col["cs-method"], col["cs-uri-stem"], col["cs-uri-query"]
	host := col["x-host-header"] // CloudFront's own name stands in cs(Host)
	if host == "" {
		host = col["cs(Host)"]
	}
	if host == "" {
		host = col["cs-host"]
	}
	r.Host = strings.ToLower(host)
	r.Referrer, r.UserAgent = plain(col["cs(Referer)"]), plain(col["cs(User-Agent)"])
	return r, true, nil
}

// plain undoes the escapes by which a value is kept in one column: percent, as
// CloudFront does (twice for what was a percent), or "+" for blanks, as IIS does.
func plain(s string) string {
	if !strings.ContainsRune(s, '%') {
		if !strings.ContainsRune(s, ' ') {
			return strings.ReplaceAll(s, "+", " ")
		}
		return s
	}
	if u, err := url.PathUnescape(s); err == nil {
		s = u
		if strings.Contains(s, "%20") {
			if u, err := url.PathUnescape(s); err == nil {
				s = u
			}
		}
	}
	return s
}
