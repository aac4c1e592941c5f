package clickhouse

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strconv"

	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// tlsGiven is what the store setting says about TLS, each "" when unset.
type tlsGiven struct {
	secure     string // true: the native protocol over TLS
	skipVerify string // true: believe any certificate; against eavesdroppers only
	serverName string // the name in the server's certificate, where it is not the host's
	caFile     string // PEM: who may have signed the server's certificate; unset: the system's authorities
	certFile   string // PEM: the certificate that is shown to the server
	keyFile    string // PEM: its key
}

func (g *tlsGiven) fields() map[string]*string {
	return map[string]*string{
		"secure": &g.secure, "skip_verify": &g.skipVerify, "tls_server_name": &g.serverName,
		"ca_file": &g.caFile, "cert_file": &g.certFile, "key_file": &g.keyFile,
	}
}

// apply sets up TLS where the scheme or the setting asks for it.
func (g *tlsGiven) apply(o *driver.Options, s scheme) error {
	secure, err := yesNo("secure", g.secure, s.plain == "")
	if err != nil {
		return err
	}
	switch {
	case secure && s.tls == "":
		return errors.New("parameter secure: clickhouse+http:// is without TLS; use clickhouse+https://")
	case !secure && s.plain == "":
		return errors.New("parameter secure: clickhouse+https:// is with TLS; use clickhouse+http:// to do without")
	case !secure && (*g != tlsGiven{secure: g.secure}):
		return errors.New("a parameter about certificates, but no TLS: add secure=true (clickhouse://) or use clickhouse+https://")
	case !secure:
		return nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: g.serverName}
	if c.InsecureSkipVerify, err = yesNo("skip_verify", g.skipVerify, false); err != nil {
		return err
	}
	if c.RootCAs, err = readAuthorities(g.caFile); err != nil {
		return fmt.Errorf("parameter ca_file: %w", err)
	}
	if c.Certificates, err = readCertificate(g.certFile, g.keyFile); err != nil {
		return err
	}
	o.TLS = c
	return nil
}

func yesNo(name, value string, unset bool) (bool, error) {
	if value == "" {
		return unset, nil
	}
	yes, err := strconv.ParseBool(value)
	if err != nil {
		return false, fmt.Errorf("parameter %s: want true or false", name)
	}
	return yes, nil
}

func readAuthorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", file)
	}
	return pool, nil
}

func readCertificate(certFile, keyFile string) ([]tls.Certificate, error) {
	switch {
	case certFile == "" && keyFile == "":
		return nil, nil
	case certFile == "" || keyFile == "":
		return nil, errors.New("parameters cert_file and key_file come together")
	}
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("parameters cert_file and key_file: %w", err)
	}
	return []tls.Certificate{cert}, nil
}
