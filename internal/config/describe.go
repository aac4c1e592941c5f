package config

import (
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Describe prints the table of settings; with values, one for each setting in
// the table's order, it prints those instead of the defaults.
func Describe(w io.Writer, values ...string) {
	for i, s := range Settings {
		v := s.Default
		if values != nil {
			v = values[i]
		}
		fmt.Fprintf(w, "  --%-22s %-18s %s\n", s.Name, v, s.Help)
	}
	fmt.Fprintln(w)
}

// Values gives what is in force, in the table's order, without secrets.
func Values(c Config) []string {
	prefixes := make([]string, len(c.TrustedProxies))
	for i, p := range c.TrustedProxies {
		prefixes[i] = p.String()
	}
	values := []any{
		c.Data, c.Listen, c.DashboardListen, c.MetricsListen, c.ShownStore(), c.PublicURL, c.DashboardURL, c.Ack, c.JournalMaxMB,
		c.FlushInterval, strings.Join(prefixes, ","), c.ClientIPHeader, c.GeoFile, c.CountryFromLanguage, c.IPv4Bits, c.IPv6Bits,
		c.KPlain, c.KFiltered, c.RetentionMonths, c.RuntimeDir, c.LogLevel,
	}
	text := make([]string, len(values))
	for i, v := range values {
		text[i] = fmt.Sprint(v)
	}
	return text
}

// ShownStore is Store without the password that it may hold.
func (c *Config) ShownStore() string {
	kind, _, found := strings.Cut(c.Store, "://")
	if !found {
		return c.Store
	}
	u, err := url.Parse(c.Store)
	if err != nil {
		return kind + "://…"
	}
	return u.Redacted()
}

// SetDefault gives a setting another default for this process, before Load.
func SetDefault(name, value string) {
	for i := range Settings {
		if Settings[i].Name == name {
			Settings[i].Default = value
		}
	}
}
