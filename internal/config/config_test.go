package config

import (
	"errors"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// load reads a configuration from a file's content, an environment and flags.
func load(t *testing.T, file string, env map[string]string, args ...string) (Config, error) {
	t.Helper()
	if file != "" {
		path := filepath.Join(t.TempDir(), "foule.toml")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"--config", path}, args...)
	}
	return Load("run", args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, nil)
}

func TestDefaults(t *testing.T) {
	got, err := load(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Data: "data", Listen: "127.0.0.1:8080", DashboardListen: "127.0.0.1:8081", MetricsListen: "off", Store: "sqlite", Ack: "durable",
		JournalMaxMB: 2048, FlushInterval: 2 * time.Second, ClientIPHeader: "X-Forwarded-For", GeoFile: "auto",
		IPv4Bits: 24, IPv6Bits: 48, SmallNumbers: "standard", KPlain: 1, KFiltered: 3, RetentionMonths: 25, LogLevel: "info", AccessLog: "off",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestSmallNumbers: a preset sets both numbers, numbers alone make it custom, and
// both are only right where they agree.
func TestSmallNumbers(t *testing.T) {
	for _, row := range []struct {
		args    string
		preset  string
		k, kTwo int
		fault   string
	}{
		{"", "standard", 1, 3, ""},
		{"--small-numbers=strict", "strict", 5, 5, ""},
		{"--small-numbers=standard", "standard", 1, 3, ""},
		{"--k=2", "custom", 2, 3, ""},
		{"--k-filtered=10", "custom", 1, 10, ""},
		{"--small-numbers=custom --k=10 --k-filtered=10", "custom", 10, 10, ""},
		{"--small-numbers=strict --k=5", "strict", 5, 5, ""},
		{"--small-numbers=strict --k=1", "", 0, 0, "small-numbers is strict, which makes k 5, but k is given as 1: leave one of the two out, or set small-numbers to custom"},
		{"--small-numbers=standard --k-filtered=1", "", 0, 0, "small-numbers is standard, which makes k-filtered 3, but k-filtered is given as 1"},
		{"--k=4", "", 0, 0, "k-filtered (3) must be at least k (4)"},
		{"--small-numbers=some", "", 0, 0, `"some" is not one of standard, strict, custom`},
	} {
		c, err := load(t, "", nil, strings.Fields(row.args)...)
		switch {
		case row.fault != "":
			if err == nil || !strings.Contains(err.Error(), row.fault) {
				t.Errorf("%s: %v, want %s", row.args, err, row.fault)
			}
		case err != nil:
			t.Errorf("%s: %v", row.args, err)
		case c.SmallNumbers != row.preset || c.KPlain != row.k || c.KFiltered != row.kTwo:
			t.Errorf("%s: %s %d %d", row.args, c.SmallNumbers, c.KPlain, c.KFiltered)
		}
	}
	c, err := load(t, "k = 2\nk-filtered = 4\n", map[string]string{"FOULE_K": "3"})
	if err != nil || c.SmallNumbers != "custom" || c.KPlain != 3 || c.KFiltered != 4 {
		t.Errorf("from a file and the environment: %s %d %d, %v", c.SmallNumbers, c.KPlain, c.KFiltered, err)
	}
}

// TestPrecedence: the file says least, then the environment, then flags.
func TestPrecedence(t *testing.T) {
	const file = "listen = \"file:1\"\nk = 5\nk-filtered = 9\ntrusted-proxies = [\"10.0.0.0/8\", \"192.0.2.7\"]\nflush-interval = \"5s\"\ncountry-from-language = true\n"
	env := map[string]string{"FOULE_LISTEN": "env:2", "FOULE_K": "6", "FOULE_TRUSTED_PROXIES": "172.16.0.0/12 , 2001:db8::1"}
	for _, row := range []struct {
		name, file string
		env        map[string]string
		args       []string
		listen     string
		k          int
		proxies    string
	}{
		{"file", file, nil, nil, "file:1", 5, "[10.0.0.0/8 192.0.2.7/32]"},
		{"environment", file, env, nil, "env:2", 6, "[172.16.0.0/12 2001:db8::1/128]"},
		{"flags", file, env, []string{"--listen", "flag:3", "-k=7", "--trusted-proxies", ""}, "flag:3", 7, "[]"},
		{"the last of a flag", file, env, []string{"--listen", "a:1", "--listen", "b:2"}, "b:2", 6, "[172.16.0.0/12 2001:db8::1/128]"},
	} {
		c, err := load(t, row.file, row.env, row.args...)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if got := strings.Trim(strings.ReplaceAll(Values(c)[indexOf("trusted-proxies")], ",", " "), " "); "["+got+"]" != row.proxies || c.Listen != row.listen || c.KPlain != row.k {
			t.Errorf("%s: listen %s, k %d, proxies [%s]; want %s, %d, %s", row.name, c.Listen, c.KPlain, got, row.listen, row.k, row.proxies)
		}
		if c.FlushInterval != 5*time.Second || !c.CountryFromLanguage || c.KFiltered != 9 {
			t.Errorf("%s: what only the file says is lost: %+v", row.name, c)
		}
	}
	path := filepath.Join(t.TempDir(), "other.toml")
	if err := os.WriteFile(path, []byte(`listen = "other:1"`), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, "", map[string]string{"FOULE_CONFIG": path})
	if err != nil || c.Listen != "other:1" {
		t.Errorf("FOULE_CONFIG: listen %s, %v", c.Listen, err)
	}
}

func indexOf(name string) int {
	for i, s := range Settings {
		if s.Name == name {
			return i
		}
	}
	return -1
}

// TestEachSetting: every setting takes a value by every way and shows it
// afterwards, and refuses nonsense by name.
func TestEachSetting(t *testing.T) {
	for name, row := range map[string]struct{ good, bad string }{
		"data": {good: "/srv/foule"}, "listen": {good: ":80"}, "dashboard-listen": {good: "off"}, "metrics-listen": {good: "127.0.0.1:9090"},
		"store": {good: "sqlite:/srv/foule.db"}, "store-password-file": {good: "/run/secrets/store"}, "clickhouse-cluster": {good: "crowd"}, "public-url": {good: "https://stats.example.org"}, "dashboard-url": {good: "https://board.example.org"},
		"ack": {"written", "perhaps"}, "journal-max-mb": {"16", "15"}, "flush-interval": {"50ms", "49ms"},
		"trusted-proxies": {"10.0.0.0/8,192.0.2.7/32", "10.0.0.0/40"}, "client-ip-header": {good: "X-Forwarded-For"}, "geo-file": {good: "off"},
		"excluded-ips": {good: "192.0.2.*,10.0.0.0/8"}, "excluded-agents": {good: "/kiosk[0-9]/,Intranet"}, "excluded-paths": {good: "/admin"}, "excluded-query": {good: "preview=1,mode"},
		"country-from-language": {"true", "maybe"}, "ipv4-bits": {"16", "25"}, "ipv6-bits": {"32", "64"}, "k": {"3", "0"}, "k-filtered": {"100", "101"},
		"retention-months": {"13", "0"}, "runtime-dir": {good: "/run/foule"}, "log-level": {"debug", "loud"}, "access-log": {good: "/var/log/foule.log"},
	} {
		i := indexOf(name)
		if i < 0 {
			t.Errorf("%s is no setting", name)
			continue
		}
		env := Settings[i].Env()
		for way, c := range map[string]func(string) (Config, error){
			"flag":        func(v string) (Config, error) { return load(t, "", nil, "--"+name, v) },
			"environment": func(v string) (Config, error) { return load(t, "", map[string]string{env: v}) },
			"file":        func(v string) (Config, error) { return load(t, name+" = '"+v+"'", nil) },
		} {
			got, err := c(row.good)
			if err != nil || Values(got)[i] != row.good {
				t.Errorf("%s by %s: %q, %v; want %q", name, way, Values(got)[i], err, row.good)
			}
			if row.bad == "" {
				continue
			}
			if _, err := c(row.bad); err == nil || !strings.Contains(err.Error(), name) && !strings.Contains(err.Error(), env) || !strings.Contains(err.Error(), row.bad) {
				t.Errorf("%s = %s by %s: %v; want an error that names both", name, row.bad, way, err)
			}
		}
	}
	if got := len(Values(Config{})); got != len(Settings) {
		t.Errorf("%d values for %d settings", got, len(Settings))
	}
}

func TestEveryFaultIsListed(t *testing.T) {
	_, err := load(t, "ack = 'perhaps'\nipv4-bits = 32\nlisten-on = 'x'\nport = 80\n", map[string]string{"FOULE_LOG_LEVEL": "loud"},
		"--k", "5", "--client-ip-header", "CF-Connecting-IP")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"ack", "ipv4-bits", "listen-on is no setting", "port is no setting", "FOULE_LOG_LEVEL", "k-filtered (3) must be at least k (5)", "trusted-proxies is empty"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	_, again := load(t, "b = 1\na = 1\nc = 1\n", nil)
	if got := regexp.MustCompile(`\b[abc] is`).FindAllString(again.Error(), -1); !reflect.DeepEqual(got, []string{"a is", "b is", "c is"}) {
		t.Errorf("faults come in no order: %v", got)
	}
}

func TestRefused(t *testing.T) {
	for _, row := range []struct {
		name, file string
		args       []string
		says       string
	}{
		{"an unknown flag", "", []string{"--port", "80"}, "port"},
		{"a word too many", "", []string{"--k", "2", "start"}, "start"},
		{"a file that is not there", "", []string{"--config", "/nowhere/foule.toml"}, "/nowhere/foule.toml"},
		{"a file that is no TOML", "listen =", nil, "foule.toml"},
		{"a table where a value belongs", "[listen]\naddress = 'x'", nil, "listen"},
		{"a list where a number belongs", "k = [1, 2]", nil, "k"},
	} {
		if _, err := load(t, row.file, nil, row.args...); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if _, err := load(t, "", nil, "--help"); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("--help: %v", err)
	}
}

func TestOwnFlags(t *testing.T) {
	own := flag.NewFlagSet("site add", flag.ContinueOnError)
	zone := own.String("timezone", "UTC", "")
	c, err := Load("site add", []string{"--timezone", "Europe/Paris", "--data", "d", "word"}, func(string) (string, bool) { return "", false }, own)
	if err != nil || *zone != "Europe/Paris" || c.Data != "d" || own.Arg(0) != "word" {
		t.Errorf("zone %s, data %s, words %v, %v", *zone, c.Data, own.Args(), err)
	}
}

// TestMappedProxies: an address in the mapped form is the address.
func TestMappedProxies(t *testing.T) {
	c, err := load(t, "", nil, "--trusted-proxies", "::ffff:192.0.2.7,::ffff:10.1.2.3/104,10.1.2.3/8")
	if err != nil {
		t.Fatal(err)
	}
	want := []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	if !reflect.DeepEqual(c.TrustedProxies, want) {
		t.Errorf("proxies %v, want %v", c.TrustedProxies, want)
	}
}

// TestNoSecretShown: a store's password stands in no list of what is in force,
// however the address is misspelt.
func TestNoSecretShown(t *testing.T) {
	for _, row := range []struct{ store, shown string }{
		{"sqlite:/srv/foule.db", "sqlite:/srv/foule.db"},
		{"clickhouse://host:9000/foule", "clickhouse://host:9000/foule"},
		{"clickhouse://writer@host:9000/foule", "clickhouse://writer@host:9000/foule"},
		{"clickhouse://writer:s3cret@host:9000/foule?x=1", "clickhouse://writer:xxxxx@host:9000/foule?x=1"},
		{"clickhouse+https://writer:s3cret@one:8443,two:8443/foule", "clickhouse+https://writer:xxxxx@one:8443,two:8443/foule"},
		{"clickhouse://writer:s3cret/s3cret?s3cret#s3cret@host:9000/foule", "clickhouse://writer:xxxxx@host:9000/foule"},
		{"clickhouse://writer:s3cret@s3cret@host:port/foule", "clickhouse://writer:xxxxx@host:port/foule"},
		{"clickhouse://host:9000/foule?username=writer&password=s3cret&secure=true", "clickhouse://host:9000/foule?username=writer&password=xxxxx&secure=true"},
		{"clickhouse://writer:%zzs3cret@[::1]:9000/foule", "clickhouse://writer:xxxxx@[::1]:9000/foule"},
	} {
		c, err := load(t, "", nil, "--store", row.store)
		if err != nil || c.Store != row.store {
			t.Errorf("store %s, %v; want %s", c.Store, err, row.store)
		}
		var shown strings.Builder
		Describe(&shown, Values(c)...)
		if c.ShownStore() != row.shown || !strings.Contains(shown.String(), row.shown) || strings.Contains(shown.String(), "s3cret") {
			t.Errorf("%s is shown as %s, want %s", row.store, c.ShownStore(), row.shown)
		}
	}
}
