package privacy

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"foule.eu/foule"
)

// object is a JSON object. Its values are strings, whole numbers, truths, lists
// of strings, and objects: what every reader of JSON reads the same.
type object = map[string]any

// Configuration is what matters for privacy among the settings of the
// installation and, if site is not nil, of a site: the object that Hash
// hashes, and that whoever doubts the hash gets to see. It holds no secret.
// docs/well-known.md says what each field means: keep the two together.
func Configuration(in *Install, site *foule.Site) map[string]any {
	c := object{
		"ipv4_bits": in.IPv4Bits, "ipv6_bits": in.IPv6Bits, "k": in.K, "k_filtered": in.KFiltered, "retention_months": in.RetentionMonths,
		"country_from_language": in.CountryFromLanguage, "access_log": in.AccessLog, "hosting": in.Hosting, "public_url": in.PublicURL,
		"visitor_key": object{"per": "site and day", "kept_in": "memory", "minutes_after_day": KeyMinutes},
		"gpc":         "respected", "purposes": "own audience measurement", "presets": presets(),
	}
	if site != nil {
		c["site"] = siteConfiguration(in, site)
	}
	return c
}

func presets() object {
	dates := object{}
	for i := range Presets {
		dates[string(Presets[i].Name)] = Presets[i].Dated.String()
	}
	return dates
}

func siteConfiguration(in *Install, site *foule.Site) object {
	p := Of(site)
	collects, consented := []string{}, []string{}
	for i := range Features {
		switch f := Features[i].Name; {
		case p.Collects(f, false):
			collects = append(collects, string(f))
		case p.Collects(f, true):
			consented = append(consented, string(f))
		}
	}
	return object{
		"id": int(site.ID), "preset": NameOf(site.Privacy.Preset), "preset_since": DateOf(site.Privacy.Since), "reviewed": DateOf(site.Privacy.Reviewed),
		"collects": collects, "collects_with_consent": consented, "visitor_key": p.Collects(foule.FeatureVisitors, false),
		"rounded": p.Rounded, "dnt": dnts(p.IgnoreDNT), "consent": p.Consent,
		"scrub_patterns": len(site.Privacy.Scrub), "scrub_sha256": sum(strings.Join(site.Privacy.Scrub, "\n")),
		"kept_parameters":   append([]string{}, slices.Sorted(slices.Values(site.KeepQuery))...),
		"custom_dimensions": declared(site), "controller": in.ControllerOf(site), "contact": in.ContactOf(site), "policy_url": site.Privacy.PolicyURL,
	}
}

// declared counts the custom dimensions that a site counts.
func declared(site *foule.Site) (n int) {
	for _, d := range site.Dimensions {
		if !d.Off {
			n++
		}
	}
	return n
}

// NameOf is a preset's name for people and programs: "none" for none.
func NameOf(p foule.Preset) string {
	if p == foule.PresetNone {
		return "none"
	}
	return string(p)
}

// DateOf writes a day as YYYY-MM-DD, and nothing for none.
func DateOf(d foule.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func dnts(ignored bool) string {
	if ignored {
		return "ignored"
	}
	return "respected"
}

func number(site foule.SiteID) string { return strconv.FormatUint(uint64(site), 10) }

// Hash names a configuration: "sha256:" and the SHA-256, in hexadecimal digits,
// of its canonical JSON (RFC 8785). It stays as it is for as long as the
// settings do, whatever the version.
func Hash(configuration map[string]any) string {
	return "sha256:" + sum(string(Canonical(configuration)))
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// Canonical writes a configuration as RFC 8785 has it: names in order, no
// blanks, and escapes only where JSON needs them.
func Canonical(v any) []byte { return appendCanonical(nil, v) }

func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case object:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names) // all are ASCII
		b = append(b, '{')
		for i, name := range names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, name), ':')
			b = appendCanonical(b, v[name])
		}
		return append(b, '}')
	case []string:
		b = append(b, '[')
		for i, s := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, s)
		}
		return append(b, ']')
	case string:
		return appendString(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case bool:
		return strconv.AppendBool(b, v)
	}
	panic("privacy: a configuration holds nothing else")
}

func appendString(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= ' ':
			b = append(b, string(r)...)
		default:
			if i := strings.IndexRune("\b\t\n\f\r", r); i >= 0 {
				b = append(b, '\\', "btnfr"[i])
			} else {
				b = append(b, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
			}
		}
	}
	return append(b, '"')
}
