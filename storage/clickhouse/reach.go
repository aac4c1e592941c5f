package clickhouse

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

const (
	mendStart    = "start the server, or correct host and port in the store setting"
	mendPort     = "correct the port in the store setting (by default 9000 native, 9440 native with TLS, 8123 HTTP, 8443 HTTPS)"
	mendNoTLS    = "the server speaks without TLS there: correct the port, or take secure=true (clickhouse://) or the s of clickhouse+https:// out of the store setting"
	mendTLS      = "it may want TLS there: add secure=true (clickhouse://) or use clickhouse+https:// in the store setting; or the port is another program's"
	mendSilent   = "look whether the server is overloaded, a firewall keeps the packets, or the port in the store setting speaks another protocol (clickhouse:// native, clickhouse+http:// HTTP)"
	mendUnsigned = "name the file of its authority with ca_file in the store setting, or have the certificate signed by one that this machine knows"
)

// ofWay says what is wrong with the way to the server; nil if the error is of
// another sort.
func ofWay(err error) *fault {
	if f := ofTLS(err); f != nil {
		return f
	}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return &fault{what: fmt.Sprintf("the host %s is not to be found", dns.Name), mend: "correct the store setting, or the DNS"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &fault{what: "nothing listens" + at(err), mend: mendStart}
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return &fault{what: "there is no way to the server" + at(err), mend: "look at the network, or correct the store setting"}
	case errors.Is(err, driver.ErrAcquireConnTimeout):
		return &fault{what: "no connection to the server in time", mend: mendSilent + "; if all is well, raise max_open_conns there"}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return &fault{what: "no answer in time" + at(err), mend: mendSilent}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, driver.ErrConnectionClosed):
		return brokenOff(err)
	}
	return nil
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// brokenOff tells a connection that ended in its first words, which is what a
// wrong port does, from one that ended later.
func brokenOff(err error) *fault {
	if text := err.Error(); strings.Contains(text, "handshake") || strings.Contains(text, "server hello") {
		return &fault{what: "the connection ended before the server greeted" + at(err), mend: mendTLS}
	}
	return &fault{what: "the connection broke off" + at(err), mend: "the server may have been restarted; look into its log if it happens again"}
}

// at names the other end, as far as the error knows it.
func at(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Addr != nil {
		return " at " + op.Addr.String()
	}
	return ""
}

// ofTLS says what is wrong with certificates and handshakes.
func ofTLS(err error) *fault {
	var (
		unsigned x509.UnknownAuthorityError
		name     x509.HostnameError
		invalid  x509.CertificateInvalidError
		roots    x509.SystemRootsError
		record   tls.RecordHeaderError
		remote   *net.OpError
	)
	switch {
	case errors.As(err, &unsigned):
		return &fault{what: "nobody whom this machine trusts signed the server's certificate", mend: mendUnsigned}
	case errors.As(err, &name):
		return &fault{what: "the server's certificate is for another name than " + name.Host, mend: "connect by the name in it, or give that with tls_server_name in the store setting"}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return &fault{what: "the server's certificate has expired or is not valid yet", mend: "renew it, or set this machine's clock"}
	case errors.As(err, &invalid):
		return &fault{what: "the server's certificate is not valid: " + invalid.Error(), mend: "have it made anew"}
	case errors.As(err, &roots):
		return &fault{what: "this machine has no list of trusted authorities", mend: "install it (ca-certificates), or name a file with ca_file in the store setting"}
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"): // net/http's words
		return &fault{what: "the TLS handshake failed: no TLS came back", mend: mendNoTLS}
	case errors.As(err, &remote) && remote.Op == "remote error": // an alert of TLS
		return &fault{what: fmt.Sprintf("the server ended the TLS handshake: %v", remote.Err), mend: "it may want a certificate: name cert_file and key_file in the store setting"}
	}
	return nil
}

// ofAnswer says what is wrong with an answer that is none of ClickHouse's, or
// whose columns are not those expected; nil if the error is of another sort.
// The driver gives such errors no type: their texts are its own.
func ofAnswer(err error) *fault {
	var read *driver.OpError
	var written *proto.BlockError
	var answer *driver.HTTPError
	text := err.Error()
	switch {
	case errors.As(err, &answer):
		return &fault{what: fmt.Sprintf("something other than ClickHouse's HTTP port answers, with status %d", answer.StatusCode), mend: mendPort}
	case errors.Is(err, driver.ErrUnsupportedServerRevision):
		return &fault{what: "the server is too old", mend: "update the server"}
	case strings.Contains(text, "unexpected packet [72]"): // the H of HTTP
		return &fault{what: "the port speaks HTTP, not the native protocol", mend: "use clickhouse+http://, or " + mendPort}
	case strings.Contains(text, "unexpected packet [21]"): // a TLS alert
		return &fault{what: "the port speaks TLS", mend: mendTLS}
	case strings.Contains(text, "[handshake] unexpected packet"):
		return &fault{what: "the port speaks another protocol", mend: mendPort}
	case strings.Contains(text, "malformed HTTP"):
		return &fault{what: "the port does not speak HTTP", mend: mendTLS}
	case errors.As(err, &read):
		return &fault{what: "the column " + read.ColumnName + " has another type than expected", mend: mendSchema}
	case errors.As(err, &written):
		return &fault{what: "the column " + written.ColumnName + " has another type than expected", mend: mendSchema}
	}
	return nil
}

// ofExchange is about an exchange over HTTP that failed in any other way; nil
// if the error is of another sort. Its own text holds the address with all
// bound values, and many of the ways have no type (a connection that the server
// closed while it was idle).
func ofExchange(err error) *fault {
	var exchange *url.Error
	if errors.As(err, &exchange) {
		return brokenOff(err)
	}
	return nil
}
