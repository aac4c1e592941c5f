package config

import (
	"fmt"
	"io"
	"regexp"
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
		c.Data, c.Listen, c.DashboardListen, c.MetricsListen, c.ShownStore(), c.StorePasswordFile, c.ClickHouseCluster, c.PublicURL, c.DashboardURL, c.Ack, c.JournalMaxMB,
		c.FlushInterval, strings.Join(prefixes, ","), c.ClientIPHeader, c.GeoFile, c.CountryFromLanguage,
		strings.Join(c.ExcludedIPs, ","), strings.Join(c.ExcludedAgents, ","), strings.Join(c.ExcludedPaths, ","), strings.Join(c.ExcludedQuery, ","), c.IPv4Bits, c.IPv6Bits,
		c.SmallNumbers, c.KPlain, c.KFiltered, c.RetentionMonths, c.RuntimeDir, c.Hosting, c.PrivacyController, c.PrivacyContact, c.LogLevel, c.AccessLog,
	}
	text := make([]string, len(values))
	for i, v := range values {
		text[i] = fmt.Sprint(v)
	}
	return text
}

// ShownStore is Store without the password that it may hold.
func (c *Config) ShownStore() string { return WithoutPassword(c.Store) }

// secretParameter is a password among the parameters of an address.
var secretParameter = regexp.MustCompile(`(?i)([?&][a-z_]*(?:password|secret)[a-z_]*=)[^&]*`)

// WithoutPassword gives a store's address as it may be shown. It looks at the
// text and needs no valid address: a misspelt one holds its password too. What
// stands before the last @ is the user, and what follows the user's first colon
// is hidden.
func WithoutPassword(address string) string {
	kind, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		if user, _, ok := strings.Cut(rest[:at], ":"); ok {
			rest = user + ":xxxxx" + rest[at:]
		}
	}
	return kind + "://" + secretParameter.ReplaceAllString(rest, "${1}xxxxx")
}

// SetDefault gives a setting another default for this process, before Load.
func SetDefault(name, value string) {
	for i := range Settings {
		if Settings[i].Name == name {
			Settings[i].Default = value
		}
	}
}

// Default gives a setting's default; "" if there is no such setting.
func Default(name string) string {
	for i := range Settings {
		if Settings[i].Name == name {
			return Settings[i].Default
		}
	}
	return ""
}
