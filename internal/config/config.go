// Package config reads the settings of the two processes. It is a leaf that
// cmd/collector and cmd/dashboard read at their start; nothing else sees flags,
// environment or files.
//
// There is one table of settings (settings.go). Each has a name, the same as
// flag (--name), environment variable (FOULE_NAME) and key of the TOML file; later
// ones win in the order file, environment, flag. docs/configuration.md is
// written from the table and a test compares the two.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Config is what the processes can be told. See settings.go for meanings.
type Config struct {
	Data                string
	Listen              string
	DashboardListen     string
	MetricsListen       string
	Store               string
	StorePasswordFile   string
	ClickHouseCluster   string
	PublicURL           string
	DashboardURL        string
	Ack                 string
	JournalMaxMB        int
	FlushInterval       time.Duration
	TrustedProxies      []netip.Prefix
	ClientIPHeader      string
	GeoFile             string
	CountryFromLanguage bool
	ExcludedIPs         []string
	ExcludedAgents      []string
	ExcludedPaths       []string
	ExcludedQuery       []string
	IPv4Bits            int
	IPv6Bits            int
	SmallNumbers        string
	KPlain              int
	KFiltered           int
	RetentionMonths     int
	RuntimeDir          string
	Hosting             string
	PrivacyController   string
	PrivacyContact      string
	LogLevel            string
	AccessLog           string
}

// Load reads file, environment and flags into a Config; args are what follows
// the command. Flags that the command adds itself are in own, which may be nil.
// The error lists every fault at once.
func Load(command string, args []string, lookupEnv func(string) (string, bool), own *flag.FlagSet) (Config, error) {
	var c Config
	flags := own
	if flags == nil {
		flags = flag.NewFlagSet(command, flag.ContinueOnError)
	}
	flags.SetOutput(io.Discard)
	file := flags.String("config", "", "")
	given := map[string]string{}
	for _, s := range Settings {
		flags.Func(s.Name, s.Help, func(v string) error { given[s.Name] = v; return nil })
		if err := s.set(&c, s.Default); err != nil {
			return c, fmt.Errorf("default of %s: %w", s.Name, err)
		}
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return c, err
		}
		return c, fmt.Errorf("%w; 'collector help' lists the settings", err)
	}
	if *file == "" {
		*file, _ = lookupEnv("FOULE_CONFIG")
	}
	var faults []error
	explicit := map[string]bool{}
	take := func(s *Setting, v, where string) error {
		explicit[s.Name] = true
		return s.apply(&c, v, where)
	}
	if own == nil && flags.NArg() > 0 {
		faults = append(faults, fmt.Errorf("%q stands where no word belongs", flags.Arg(0)))
	}
	if *file != "" {
		faults = append(faults, readFile(*file, take)...)
	}
	for i := range Settings {
		s := &Settings[i]
		if v, ok := lookupEnv(s.Env()); ok {
			faults = append(faults, take(s, v, s.Env()))
		}
		if v, ok := given[s.Name]; ok {
			faults = append(faults, take(s, v, "--"+s.Name))
		}
	}
	faults = append(faults, c.settleSmallNumbers(explicit), c.validate())
	return c, errors.Join(faults...)
}

func readFile(path string, take func(s *Setting, v, where string) error) (faults []error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return []error{fmt.Errorf("configuration file: %w", err)}
	}
	values := map[string]any{}
	if err := toml.Unmarshal(b, &values); err != nil {
		return []error{fmt.Errorf("configuration file %s: %w", path, err)}
	}
	for i := range Settings {
		s := &Settings[i]
		v, ok := values[s.Name]
		if !ok {
			continue
		}
		delete(values, s.Name)
		if _, table := v.(map[string]any); table {
			faults = append(faults, fmt.Errorf("%s: %s is a table, not a value", path, s.Name))
			continue
		}
		faults = append(faults, take(s, text(v), path+": "+s.Name))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		faults = append(faults, fmt.Errorf("%s: %s is no setting", path, name))
	}
	return faults
}

// text writes a TOML value the way a flag would give it.
func text(v any) string {
	if list, ok := v.([]any); ok {
		parts := make([]string, len(list))
		for i := range list {
			parts[i] = fmt.Sprint(list[i])
		}
		return strings.Join(parts, ",")
	}
	return fmt.Sprint(v)
}

// validate finds what no single setting shows.
func (c *Config) validate() error {
	var faults []error
	if c.KFiltered < c.KPlain {
		faults = append(faults, fmt.Errorf("k-filtered (%d) must be at least k (%d)", c.KFiltered, c.KPlain))
	}
	if !strings.EqualFold(c.ClientIPHeader, "X-Forwarded-For") && len(c.TrustedProxies) == 0 {
		faults = append(faults, fmt.Errorf("client-ip-header is %s, but trusted-proxies is empty: a header is believed from known proxies only", c.ClientIPHeader))
	}
	return errors.Join(faults...)
}

// Setting is one row of the table.
type Setting struct {
	Name    string
	Default string
	Help    string // in a sentence
	HelpFR  string
	Privacy string // what it means for privacy, "" if nothing
	set     func(c *Config, v string) error
}

// Env gives the setting's environment variable.
func (s *Setting) Env() string {
	return "FOULE_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

func (s *Setting) apply(c *Config, v, where string) error {
	if err := s.set(c, v); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}

func stringTo(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error { *field(c) = v; return nil }
}

// urlTo takes the address of a web server, without a final slash; "" is none.
func urlTo(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		u, err := url.Parse(v)
		if v != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("%q is no address like https://stats.example.org", v)
		}
		*field(c) = strings.TrimSuffix(v, "/")
		return nil
	}
}

func oneOf(field func(*Config) *string, of ...string) func(*Config, string) error {
	return func(c *Config, v string) error {
		for _, ok := range of {
			if v == ok {
				*field(c) = v
				return nil
			}
		}
		return fmt.Errorf("%q is not one of %s", v, strings.Join(of, ", "))
	}
}

func listTo(field func(*Config) *[]string) func(*Config, string) error {
	return func(c *Config, v string) error {
		var list []string
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		*field(c) = list
		return nil
	}
}

func intTo(field func(*Config) *int, min, max int) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < min || n > max {
			return fmt.Errorf("%q is no number from %d to %d", v, min, max)
		}
		*field(c) = n
		return nil
	}
}

func boolTo(field func(*Config) *bool) func(*Config, string) error {
	return func(c *Config, v string) error {
		b, err := strconv.ParseBool(v)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", v)
		}
		*field(c) = b
		return nil
	}
}

func durationTo(field func(*Config) *time.Duration, min, max time.Duration) func(*Config, string) error {
	return func(c *Config, v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < min || d > max {
			return fmt.Errorf("%q is no duration from %s to %s", v, min, max)
		}
		*field(c) = d
		return nil
	}
}

func prefixesTo(field func(*Config) *[]netip.Prefix) func(*Config, string) error {
	return func(c *Config, v string) error {
		var list []netip.Prefix
		for _, part := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' }) {
			p, err := parsePrefix(part)
			if err != nil {
				return fmt.Errorf("%q is neither an address nor a range like 10.0.0.0/8", part)
			}
			list = append(list, p)
		}
		*field(c) = list
		return nil
	}
}

// parsePrefix reads an address or a range; the IPv4-mapped form counts as IPv4.
func parsePrefix(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
	}
	return p.Masked(), err
}
