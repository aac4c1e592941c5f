package clickhouse

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// What the store setting leaves open.
const (
	dialTimeout = 10 * time.Second
	// readTimeout ends the wait for a server that went silent. It is longer than
	// the 180 s that a server gives its cluster to take part in a migration.
	readTimeout  = 4 * time.Minute
	openConns    = 8
	connLifetime = 10 * time.Minute // then the first of several hosts gets its chance again
)

// identifier is what a database may be called. Its name gets into statements
// that take no bound values, so it has to need no quoting.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// scheme is a way to speak to a server.
type scheme struct {
	protocol   driver.Protocol
	plain, tls string // default port without TLS and with it; "" where that cannot be
}

var schemes = map[string]scheme{
	"clickhouse":       {driver.Native, "9000", "9440"},
	"clickhouse+http":  {driver.HTTP, "8123", ""},
	"clickhouse+https": {driver.HTTP, "", "8443"},
}

// parseDSN reads the store setting:
//
//	clickhouse://USER:PASSWORD@HOST[:PORT][,HOST…]/DATABASE[?PARAMETER=VALUE&…]
//
// for the native protocol, or with clickhouse+http:// or clickhouse+https://
// over HTTP. The parameters are those of dsnParameters and tlsParameters.
//
// No error shows the user's name or the password, nor any part of the text
// that could be one of them because somebody forgot to write %2F for a slash.
func parseDSN(o Options) (*driver.Options, error) {
	d, err := splitDSN(o.DSN)
	if err != nil {
		return nil, fmt.Errorf("store setting: %w", err)
	}
	opts := &driver.Options{
		Protocol:         d.scheme.protocol,
		Auth:             driver.Auth{Database: d.database, Username: d.user, Password: d.password},
		DialTimeout:      dialTimeout,
		ReadTimeout:      readTimeout,
		MaxOpenConns:     openConns,
		MaxIdleConns:     openConns,
		ConnMaxLifetime:  connLifetime,
		ConnOpenStrategy: driver.ConnOpenInOrder, // settings are read where they were written
	}
	if opts.Protocol == driver.Native {
		opts.Compression = &driver.Compression{Method: driver.CompressionLZ4}
	}
	if err := setParameters(opts, d); err != nil {
		return nil, fmt.Errorf("store setting: %w", err)
	}
	port := d.scheme.plain
	if opts.TLS != nil {
		port = d.scheme.tls
	}
	for _, h := range d.hosts {
		if h.port == "" {
			h.port = port
		}
		opts.Addr = append(opts.Addr, net.JoinHostPort(h.name, h.port))
	}
	return opts, nil
}

// dsn is the store setting in its parts.
type dsn struct {
	scheme         scheme
	user, password string
	hosts          []host
	database       string
	parameters     url.Values
}

type host struct{ name, port string }

func splitDSN(text string) (d dsn, err error) {
	name, rest, _ := strings.Cut(text, "://")
	var ok bool
	if d.scheme, ok = schemes[name]; !ok {
		return d, errors.New("want clickhouse://, clickhouse+http:// or clickhouse+https:// at its start")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	if strings.Contains(path, "@") {
		return d, errors.New("an @ comes after the first /, ? or #: in a user name, a password or a value write %2F for /, %3F for ?, %23 for # and %40 for @")
	}
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		if d.user, d.password, err = splitUser(authority[:at]); err != nil {
			return d, err
		}
		authority = authority[at+1:]
	}
	for h := range strings.SplitSeq(authority, ",") {
		host, err := splitHost(h)
		if err != nil {
			return d, err
		}
		d.hosts = append(d.hosts, host)
	}
	return d, d.splitPath(path)
}

// splitPath reads what follows the hosts.
func (d *dsn) splitPath(text string) (err error) {
	if strings.Contains(text, "#") {
		return errors.New("write %23 for the character #")
	}
	path, query, _ := strings.Cut(text, "?")
	d.database = strings.Trim(path, "/")
	if d.database == "" {
		return errors.New("it names no database: put one after the host, as in clickhouse://HOST:9000/foule")
	}
	if !identifier.MatchString(d.database) {
		return fmt.Errorf("database %q: want a name of letters, digits and _ that starts with no digit, at most 64 long", d.database)
	}
	if d.parameters, err = url.ParseQuery(query); err != nil {
		return errors.New("what follows the ? is not of the form NAME=VALUE&NAME=VALUE; write %25 for the character %")
	}
	return nil
}

func splitUser(text string) (user, password string, err error) {
	user, password, _ = strings.Cut(text, ":")
	if user, err = url.PathUnescape(user); err == nil {
		password, err = url.PathUnescape(password)
	}
	if err != nil {
		return "", "", errors.New("the user name or the password holds a % that is no code: write %25 for the character %")
	}
	if user == "" {
		return "", "", errors.New("no user name before the @")
	}
	return user, password, nil
}

// splitHost reads NAME, NAME:PORT, [ADDRESS] or [ADDRESS]:PORT. A password that
// lost its @ may stand here, so that the text is not shown.
func splitHost(text string) (h host, err error) {
	h.name = text
	switch {
	case text == "":
		return h, errors.New("it names no host, or there is a comma too many between hosts: as in clickhouse://HOST:9000/foule")
	case strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]"):
		h.name = text[1 : len(text)-1]
	case strings.Contains(text, ":"):
		if h.name, h.port, err = net.SplitHostPort(text); err != nil {
			return h, errors.New("a host is not of the form NAME:PORT, or [ADDRESS]:PORT for IPv6")
		}
		if n, err := strconv.ParseUint(h.port, 10, 16); err != nil || n == 0 {
			return h, errors.New("a port is not a number from 1 to 65535; in a user name or a password write %2F for /, %3F for ? and %23 for #")
		}
	}
	if h.name == "" || strings.ContainsAny(h.name, " \t\r\n%<>\"'[]@") {
		return h, errors.New("a host is empty, or holds a character that no host has")
	}
	return h, nil
}

// dsnParameters are what may follow the ?, beside those of TLS.
var dsnParameters = map[string]func(*driver.Options, string) error{
	"dial_timeout":   func(o *driver.Options, v string) (err error) { o.DialTimeout, err = parseTimeout(v); return err },
	"read_timeout":   func(o *driver.Options, v string) (err error) { o.ReadTimeout, err = parseTimeout(v); return err },
	"max_open_conns": setConns,
	"compress":       setCompression,
	"old_server":     acceptOld,
}

func parseTimeout(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		return 0, errors.New("want a time such as 10s")
	}
	return d, nil
}

func setConns(o *driver.Options, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 2 || n > 1000 { // an erasure writes while it reads
		return errors.New("want a number from 2 to 1000")
	}
	o.MaxOpenConns, o.MaxIdleConns = n, n
	return nil
}

func setCompression(o *driver.Options, v string) error {
	method, ok := map[string]driver.CompressionMethod{
		"lz4": driver.CompressionLZ4, "zstd": driver.CompressionZSTD, "none": driver.CompressionNone,
	}[v]
	if !ok {
		return errors.New("want lz4, zstd or none")
	}
	o.Compression = &driver.Compression{Method: method, Level: 3}
	return nil
}

// acceptOld only checks the word; Open reads it.
func acceptOld(_ *driver.Options, v string) error {
	if v != "accept" {
		return errors.New("want accept")
	}
	return nil
}

// setParameters applies what follows the ?. Values are not shown: a password
// may have strayed there.
func setParameters(opts *driver.Options, d dsn) error {
	for _, name := range []string{"user", "username", "password"} {
		if d.parameters.Has(name) {
			return errors.New("the user and the password stand before the host, as in clickhouse://USER:PASSWORD@HOST:9000/foule")
		}
	}
	var given tlsGiven
	files := given.fields()
	for _, name := range slices.Sorted(maps.Keys(d.parameters)) {
		values := d.parameters[name]
		set, field := dsnParameters[name], files[name]
		switch {
		case set == nil && field == nil:
			known := slices.Sorted(maps.Keys(files))
			known = append(slices.Sorted(maps.Keys(dsnParameters)), known...)
			return fmt.Errorf("unknown parameter %q; there are %s", name, strings.Join(known, ", "))
		case len(values) > 1:
			return fmt.Errorf("parameter %s comes twice", name)
		case values[0] == "":
			return fmt.Errorf("parameter %s has no value", name)
		case field != nil:
			*field = values[0]
		default:
			if err := set(opts, values[0]); err != nil {
				return fmt.Errorf("parameter %s: %w", name, err)
			}
		}
	}
	return given.apply(opts, d.scheme)
}

// describe names the server and the database for messages, without the password.
func describe(o *driver.Options) string {
	name := "clickhouse"
	if o.Protocol == driver.HTTP {
		name += "+http"
		if o.TLS != nil {
			name += "s"
		}
	}
	user := ""
	if o.Auth.Username != "" {
		user = url.PathEscape(o.Auth.Username) + "@"
	}
	return fmt.Sprintf("%s://%s%s/%s", name, user, strings.Join(o.Addr, ","), o.Auth.Database)
}
