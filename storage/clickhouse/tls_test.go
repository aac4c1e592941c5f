package clickhouse

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule/internal/clickhousetest"
)

// TLS in front of a real server, with certificates of every sort.
func TestTLS(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.Debian)
	ca := newAuthority(t)
	dir := t.TempDir()
	caFile := filepath.Join(dir, "ca.pem")
	clientFile, keyFile := filepath.Join(dir, "client.pem"), filepath.Join(dir, "key.pem")
	client, clientKey := ca.sign(t, "collector")
	for file, text := range map[string][]byte{caFile: ca.pem, clientFile: client, keyFile: clientKey} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := tlsFront(t, e.Address, ca, "db.example", time.Hour, false)
	expired := tlsFront(t, e.Address, ca, "db.example", -time.Hour, false)
	strict := tlsFront(t, e.Address, ca, "db.example", time.Hour, true)
	at := func(address, parameters string) string {
		return "clickhouse://" + clickhousetest.User + ":" + clickhousetest.Password + "@" + address + "/default" + parameters
	}
	for _, c := range []struct {
		name, dsn string
		says      []string // nil: it works
	}{
		{"unknown authority", at(good, "?secure=true&tls_server_name=db.example"), []string{"nobody whom this machine trusts signed", "ca_file"}},
		{"wrong name", at(good, "?secure=true&ca_file="+caFile), []string{"for another name", "tls_server_name"}},
		{"expired", at(expired, "?secure=true&tls_server_name=db.example&ca_file="+caFile), []string{"has expired"}},
		{"client certificate wanted", at(strict, "?secure=true&tls_server_name=db.example&ca_file="+caFile), []string{"TLS handshake", "cert_file"}},
		{"no TLS where it is wanted", at(good, ""), []string{"secure=true"}},
		{"no TLS where it is wanted, over HTTP", strings.Replace(at(good, ""), "clickhouse:", "clickhouse+http:", 1), []string{"clickhouse+https://"}},
		{"good", at(good, "?secure=true&tls_server_name=db.example&ca_file="+caFile), nil},
		{"client certificate", at(strict, "?secure=true&tls_server_name=db.example&ca_file="+caFile+"&cert_file="+clientFile+"&key_file="+keyFile), nil},
		{"not verified", at(good, "?secure=true&skip_verify=true"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.says == nil { // as far as the tables, which are not there
				away(t, ask(t, c.dsn), "run: collector migrate")
				return
			}
			away(t, ask(t, c.dsn), c.says...)
		})
	}
}

// tlsFront is a server with TLS that hands on what it decrypts.
func tlsFront(t *testing.T, behind string, ca *authority, name string, life time.Duration, wantClient bool) string {
	t.Helper()
	cert, key := ca.signUntil(t, name, time.Now().Add(life))
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if wantClient {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, ca.pool()
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, l, func(c net.Conn) {
		if c.(*tls.Conn).Handshake() != nil {
			return
		}
		server, err := net.Dial("tcp", behind)
		if err != nil {
			return
		}
		defer server.Close()
		go io.Copy(server, c)
		io.Copy(c, server)
	})
}

// The files of TLS end up where a handshake looks for them.
func TestDSNCertificates(t *testing.T) {
	ca := newAuthority(t)
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	server, serverKey := ca.sign(t, "db.example")
	client, clientKey := ca.sign(t, "collector")
	o, err := parseDSN(Options{DSN: "clickhouse://127.0.0.1/foule?secure=true&tls_server_name=db.example" +
		"&ca_file=" + write("ca.pem", ca.pem) + "&cert_file=" + write("c.pem", client) + "&key_file=" + write("k.pem", clientKey)})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(server, serverKey)
	if err != nil {
		t.Fatal(err)
	}
	roots := ca.pool()
	here, there := net.Pipe()
	defer here.Close()
	serving := tls.Server(there, &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: roots})
	served := make(chan error, 1)
	go func() { served <- serving.Handshake() }()
	if err := tls.Client(here, o.TLS).Handshake(); err != nil {
		t.Error("client:", err)
	}
	if err := <-served; err != nil {
		t.Error("server:", err)
	}
	if got := serving.ConnectionState().PeerCertificates; len(got) != 1 || got[0].Subject.CommonName != "collector" {
		t.Errorf("the server saw %d certificates", len(got))
	}
}

// authority signs certificates for the tests of TLS.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// sign makes a certificate for a name, and for the loopback address, that is
// valid for an hour.
func (a *authority) sign(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	return a.signUntil(t, name, time.Now().Add(time.Hour))
}

func (a *authority) signUntil(t *testing.T, name string, end time.Time) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: end,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a.cert, &k.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
}
