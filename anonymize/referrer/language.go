package referrer

import "strings"

// Language gives the first accepted language of an Accept-Language header or
// Matomo's parameter lang as a label: "fr", "en-us", or "" when there is none
// that ISO 639 knows. Quality values do not reorder the list, but an entry with
// q=0 is not accepted. All further languages and their order, which together
// tell people apart, are forgotten.
//
// The label is Matomo's (UserLanguage.getLanguageCode): the region is dropped
// where it repeats the language (de-DE is "de"), added where the language is at
// home in one country only ("ja" is "ja-jp", "sv" is "sv-se"), and otherwise
// kept if ISO 3166 knows it (en-GB is "en-gb"). Scripts and variants are
// dropped; zh-Hant alone is "zh-tw".
func Language(acceptLanguage string) string {
	for entry := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(entry, ";")
		if refused(params) {
			continue
		}
		if label := languageOf(strings.TrimSpace(tag)); label != "" {
			return label
		}
	}
	return ""
}

// refused knows a quality of zero: "q=0", "q=0.0".
func refused(params string) bool {
	q, ok := strings.CutPrefix(strings.TrimSpace(params), "q=0")
	return ok && strings.Trim(q, ".0") == ""
}

// languageOf makes the label of one tag. An encoding as in the POSIX en_CA.UTF-8
// ends the tag.
func languageOf(tag string) string {
	tag, _, _ = strings.Cut(tag, ".")
	var code, script, region [4]byte
	n := 0
	for first := true; tag != ""; first = false {
		i := strings.IndexAny(tag, "-_")
		sub := tag
		if tag = ""; i >= 0 {
			sub, tag = sub[:i], sub[i+1:]
		}
		switch {
		case first:
			if n = lowerCode(&code, sub); n < 2 || n > 3 {
				return ""
			}
		case len(sub) == 1: // an extension or private use: nothing more of interest
			tag = ""
		case len(sub) == 4 && script == [4]byte{}:
			lowerCode(&script, sub)
		case len(sub) == 2 && region == [4]byte{}:
			lowerCode(&region, sub)
		}
	}
	if !listed(languages, string(code[:n])) {
		return ""
	}
	r := string(region[:2])
	if !listed(regions, r) {
		r = homeOf(string(code[:n]), string(script[:]))
	}
	return joinLanguage(string(code[:n]), r)
}

// joinLanguage glues language and region and drops a region that says nothing: that of
// de-DE, but not of sv-SV, which is not where Swedish is at home.
func joinLanguage(code, region string) string {
	if region == "" || region == code && homeOf(code, "") == "" {
		return strings.Clone(code)
	}
	return code + "-" + region
}

// lowerCode copies ASCII letters in lower case; it gives 0 for anything else.
func lowerCode(to *[4]byte, s string) int {
	if len(s) > len(to) {
		return 0
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if c < 'a' || c > 'z' {
			return 0
		}
		to[i] = c
	}
	return len(s)
}

// listed looks for a code in a list where each code has a blank on either side.
func listed(list, code string) bool {
	if code == "" || code[0] == 0 {
		return false
	}
	for {
		i := strings.Index(list, code)
		if i < 0 {
			return false
		}
		if end := i + len(code); list[i-1] == ' ' && list[end] == ' ' {
			return true
		}
		list = list[i+1:]
	}
}
