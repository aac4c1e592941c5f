package clickhouse

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"
)

func TestParseDSN(t *testing.T) {
	type want struct {
		Protocol    driver.Protocol
		Addr        []string
		Auth        driver.Auth
		TLS         bool
		Compression driver.CompressionMethod // 0: none was chosen
		Shown       string
	}
	const lz4 = driver.CompressionLZ4
	auth := func(user, password string) driver.Auth {
		return driver.Auth{Database: "foule", Username: user, Password: password}
	}
	for _, c := range []struct {
		name, dsn string
		want      want
	}{
		{"native", "clickhouse://collector:s3cret@db.example:9001/foule",
			want{driver.Native, []string{"db.example:9001"}, auth("collector", "s3cret"), false, lz4, "clickhouse://collector@db.example:9001/foule"}},
		{"default port", "clickhouse://db.example/foule",
			want{driver.Native, []string{"db.example:9000"}, auth("", ""), false, lz4, "clickhouse://db.example:9000/foule"}},
		{"default port with TLS", "clickhouse://u@db.example/foule?secure=true",
			want{driver.Native, []string{"db.example:9440"}, auth("u", ""), true, lz4, "clickhouse://u@db.example:9440/foule"}},
		{"several hosts", "clickhouse://u:p@a,b:9010,[2001:db8::1],[2001:db8::2]:9010/foule/",
			want{driver.Native, []string{"a:9000", "b:9010", "[2001:db8::1]:9000", "[2001:db8::2]:9010"}, auth("u", "p"), false, lz4,
				"clickhouse://u@a:9000,b:9010,[2001:db8::1]:9000,[2001:db8::2]:9010/foule"}},
		{"HTTP", "clickhouse+http://u:p@db.example/foule",
			want{driver.HTTP, []string{"db.example:8123"}, auth("u", "p"), false, 0, "clickhouse+http://u@db.example:8123/foule"}},
		{"HTTPS", "clickhouse+https://u:p@db.example/foule?skip_verify=true",
			want{driver.HTTP, []string{"db.example:8443"}, auth("u", "p"), true, 0, "clickhouse+https://u@db.example:8443/foule"}},
		{"password with odd characters", "clickhouse://u:%2F%3F%23%25@:@db.example/foule",
			want{driver.Native, []string{"db.example:9000"}, auth("u", "/?#%@:"), false, lz4, "clickhouse://u@db.example:9000/foule"}},
		{"user with odd characters", "clickhouse://a%2Fb:p@db.example/foule",
			want{driver.Native, []string{"db.example:9000"}, auth("a/b", "p"), false, lz4, "clickhouse://a%2Fb@db.example:9000/foule"}},
		{"compression", "clickhouse://db.example/foule?compress=none",
			want{driver.Native, []string{"db.example:9000"}, auth("", ""), false, driver.CompressionNone, "clickhouse://db.example:9000/foule"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := parseDSN(Options{DSN: c.dsn})
			if err != nil {
				t.Fatal(err)
			}
			got := want{o.Protocol, o.Addr, o.Auth, o.TLS != nil, 0, describe(o)}
			if o.Compression != nil {
				got.Compression = o.Compression.Method
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestDSNTimes(t *testing.T) {
	type times struct {
		Dial, Read time.Duration
		Conns      int
	}
	for dsn, want := range map[string]times{
		"clickhouse://h/foule": {10 * time.Second, 4 * time.Minute, 8},
		"clickhouse://h/foule?dial_timeout=2s&read_timeout=1m30s&max_open_conns=3": {2 * time.Second, 90 * time.Second, 3},
	} {
		o, err := parseDSN(Options{DSN: dsn})
		if err != nil {
			t.Fatal(err)
		}
		if got := (times{o.DialTimeout, o.ReadTimeout, o.MaxOpenConns}); got != want || o.MaxIdleConns != want.Conns {
			t.Errorf("%s: %+v, %d idle, want %+v", dsn, got, o.MaxIdleConns, want)
		}
	}
}

// Every parameter is explained.
func TestDSNDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/clickhouse.md")
	if err != nil {
		t.Fatal(err)
	}
	var given tlsGiven
	names := slices.Collect(maps.Keys(dsnParameters))
	for _, name := range slices.AppendSeq(names, maps.Keys(given.fields())) {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/clickhouse.md does not explain the parameter %s", name)
		}
	}
}

// Each malformed setting has an error that says what is wrong, and none shows a
// password, wherever it strayed.
func TestMalformedDSN(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dsn, want string }{
		{"", "want clickhouse://"},
		{"hunter2", "want clickhouse://"},
		{"mysql://u:hunter2@h/foule", "want clickhouse://"},
		{"clickhouse:/u:hunter2@h/foule", "want clickhouse://"},
		{"http://u:hunter2@h/foule", "want clickhouse://, clickhouse+http://"},
		{"clickhouse://", "names no host"},
		{"clickhouse:///foule", "names no host"},
		{"clickhouse://u:hunter2@/foule", "names no host"},
		{"clickhouse://u:hunter2@a,,b/foule", "comma too many"},
		{"clickhouse://u:hunter2@h", "names no database"},
		{"clickhouse://u:hunter2@h/", "names no database"},
		{"clickhouse://u:hunter2@h/my-db", `database "my-db"`},
		{"clickhouse://u:hunter2@h/a/b", `database "a/b"`},
		{"clickhouse://u:hunter2@h:/foule", "port is not a number"},
		{"clickhouse://u:hunter2@h:99999/foule", "port is not a number"},
		{"clickhouse://u:hunter2@h:0/foule", "port is not a number"},
		{"clickhouse://u:hunter2/foule", "port is not a number"}, // the @HOST was forgotten
		{"clickhouse://u:hunter2@2001:db8::1/foule", "[ADDRESS]:PORT"},
		{"clickhouse://u:hunter2@h h/foule", "character that no host has"},
		{"clickhouse://:hunter2@h/foule", "no user name"},
		{"clickhouse://u:hunter2%zz@h/foule", "write %25"},
		{"clickhouse://u:hunter2/x@h/foule", "write %2F"},
		{"clickhouse://u:hunter2?x@h/foule", "%3F"},
		{"clickhouse://u:hunter2#x@h/foule", "%23"},
		{"clickhouse://u:x#hunter2/foule", "port is not a number"},
		{"clickhouse://h/foule#x", "%23"},
		{"clickhouse://h/foule?password=hunter2", "stand before the host"},
		{"clickhouse://h/foule?username=u", "stand before the host"},
		{"clickhouse://h/foule?x=%zz", "NAME=VALUE"},
		{"clickhouse://h/foule?skip_verfy=true", `unknown parameter "skip_verfy"; there are compress, dial_timeout`},
		{"clickhouse://h/foule?compress=lz4&compress=none", "compress comes twice"},
		{"clickhouse://h/foule?compress=gzip", "want lz4, zstd or none"},
		{"clickhouse://h/foule?compress=", "compress has no value"},
		{"clickhouse://h/foule?dial_timeout=10", "want a time such as 10s"},
		{"clickhouse://h/foule?read_timeout=-1s", "want a time such as 10s"},
		{"clickhouse://h/foule?max_open_conns=0", "number from 2 to 1000"},
		{"clickhouse://h/foule?old_server=yes", "want accept"},
		{"clickhouse://h/foule?secure=maybe", "secure: want true or false"},
		{"clickhouse://h/foule?skip_verify=true", "add secure=true"},
		{"clickhouse://h/foule?secure=false&ca_file=x", "add secure=true"},
		{"clickhouse+http://h/foule?secure=true", "use clickhouse+https://"},
		{"clickhouse+https://h/foule?secure=false", "use clickhouse+http://"},
		{"clickhouse://h/foule?secure=true&skip_verify=2", "skip_verify: want true or false"},
		{"clickhouse://h/foule?secure=true&ca_file=" + filepath.Join(dir, "none.pem"), "none.pem: no such file"},
		{"clickhouse://h/foule?secure=true&ca_file=" + empty, "holds no certificate"},
		{"clickhouse://h/foule?secure=true&cert_file=" + empty, "come together"},
		{"clickhouse://h/foule?secure=true&cert_file=" + empty + "&key_file=" + empty, "cert_file and key_file"},
	} {
		_, err := parseDSN(Options{DSN: c.dsn})
		if err == nil {
			t.Errorf("%s: no error", c.dsn)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", c.dsn, err, c.want)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows the password: %v", c.dsn, err)
		}
	}
}
