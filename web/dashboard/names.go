package dashboard

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"foule.eu/foule"
)

// label is how a stored label is shown: a main part and, muted beside it, what
// it belongs to.
type label struct{ Main, Aside string }

// label names a stored label of a dimension in the language.
func (l *locale) label(site *foule.Site, dim foule.Dimension, stored string) label {
	switch {
	case stored == foule.Other:
		return label{Main: l.T("other")}
	case stored == "":
		return label{Main: l.empty(dim)}
	}
	switch dim {
	case foule.DimChannel, foule.DimDeviceType, foule.DimContinent, foule.DimExcluded, foule.DimDuration, foule.DimTiming, foule.DimBasket, foule.DimConsent:
		if s, ok := l.has(dim.String() + "." + stored); ok {
			return label{Main: s}
		}
	case foule.DimCountry:
		return label{Main: l.country(stored)}
	case foule.DimRegion:
		return l.region(stored)
	case foule.DimCity:
		if country, city, ok := strings.Cut(stored, "/"); ok {
			return label{city, l.country(country)}
		}
	case foule.DimLanguage:
		return l.languageOf(stored)
	case foule.DimResolution:
		return label{Main: strings.Replace(stored, "x", " × ", 1)}
	case foule.DimServerHour, foule.DimLocalHour:
		if h, err := strconv.Atoi(stored); err == nil {
			return label{Main: l.Hour(h)}
		}
	case foule.DimDepth:
		return label{Main: l.depth(stored)}
	case foule.DimGoal:
		return label{Main: l.goal(site, stored)}
	case foule.DimFunnelStep:
		return l.funnelStep(site, stored)
	case foule.DimLoadTime:
		return label{Main: l.upTo(stored)}
	}
	return label{Main: stored}
}

// empty names the missing label: what is unknown for a country is no keyword
// at all for a campaign.
func (l *locale) empty(dim foule.Dimension) string {
	if s, ok := l.has("empty." + dim.String()); ok {
		return s
	}
	return l.T("empty")
}

func (l *locale) country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := l.regions.Name(region); name != "" {
		return name
	}
	return code
}

// region names a subdivision. CLDR's names of subdivisions are not in x/text,
// so only the French ones have a name; others show their code and country.
func (l *locale) region(stored string) label {
	country, code, ok := strings.Cut(stored, "-")
	if !ok {
		return label{Main: stored}
	}
	if name, ok := frenchRegions[stored]; ok {
		return label{name, l.country(country)}
	}
	return label{code, l.country(country)}
}

// frenchRegions are the regions of France by ISO 3166-2.
var frenchRegions = map[string]string{
	"FR-ARA": "Auvergne-Rhône-Alpes", "FR-BFC": "Bourgogne-Franche-Comté", "FR-BRE": "Bretagne",
	"FR-CVL": "Centre-Val de Loire", "FR-20R": "Corse", "FR-COR": "Corse", "FR-GES": "Grand Est",
	"FR-HDF": "Hauts-de-France", "FR-IDF": "Île-de-France", "FR-NOR": "Normandie",
	"FR-NAQ": "Nouvelle-Aquitaine", "FR-OCC": "Occitanie", "FR-PDL": "Pays de la Loire",
	"FR-PAC": "Provence-Alpes-Côte d’Azur", "FR-971": "Guadeloupe", "FR-972": "Martinique",
	"FR-973": "Guyane", "FR-974": "La Réunion", "FR-976": "Mayotte",
}

// languageOf names a language, with its country where that is not in the name.
func (l *locale) languageOf(stored string) label {
	base, country, ok := strings.Cut(stored, "-")
	name := l.language(stored)
	if ok && len(country) == 2 && name == l.language(base) {
		return label{name, l.country(strings.ToUpper(country))}
	}
	return label{Main: name}
}

func (l *locale) language(stored string) string {
	tag, err := language.Parse(stored)
	if err != nil {
		return stored
	}
	name := l.languages.Name(tag)
	if name == "" {
		return stored
	}
	return upper(name) // CLDR writes them in the middle of a sentence
}

// upper begins a text with a capital.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func (l *locale) depth(stored string) string {
	if n, err := strconv.ParseInt(stored, 10, 64); err == nil {
		return l.N("depth", n)
	}
	if from, ok := strings.CutSuffix(stored, "+"); ok {
		return l.T("depth.more", "n", from)
	}
	return l.T("depth.range", "range", strings.Replace(stored, "-", rangeDash, 1))
}

// funnelStep names a step by its funnel's definition.
func (l *locale) funnelStep(site *foule.Site, stored string) label {
	id, number, _ := strings.Cut(stored, "/")
	n, err := strconv.Atoi(number)
	if f, ok := funnelNamed(site, id); ok && err == nil && n >= 1 && n <= len(f.Steps) {
		return label{stepName(l, &f.Steps[n-1], n), f.Name}
	}
	return label{Main: stored}
}

// upTo writes the bound of a bucket of load times, "30s+" being without end.
func (l *locale) upTo(stored string) string {
	if from, ok := strings.CutSuffix(stored, "+"); ok {
		return l.T("speed.over", "time", l.bound(from))
	}
	return l.T("speed.upto", "time", l.bound(stored))
}

// bound writes "750ms" and "1.5s" as the language does.
func (l *locale) bound(s string) string {
	if l.Lang == "fr" {
		s = strings.Replace(s, ".", ",", 1)
	}
	if n, ok := strings.CutSuffix(s, "ms"); ok {
		return n + "\u202fms"
	}
	return strings.TrimSuffix(s, "s") + "\u202fs"
}

func (l *locale) goal(site *foule.Site, stored string) string {
	if stored == "order" {
		return l.T("goal.order")
	}
	if g, ok := goalNamed(site, stored); ok {
		return g.Name
	}
	return l.T("goal.deleted", "id", stored)
}
