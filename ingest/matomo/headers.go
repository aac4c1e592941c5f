package matomo

import (
	"net/http"
	"strings"
)

// headers are what is read of a request's headers; all others stay unread.
// Beside these, only Authorization and Content-* are looked at.
type headers struct {
	userAgent, acceptLanguage, referer                         string
	hintUA, hintPlatform, hintVersion, hintModel, hintMobile   string
	doNotTrack, globalPrivacyControl, prefetch, optedOutCookie bool
}

func readHeaders(h http.Header) headers {
	hintUA := header(h, "Sec-Ch-Ua-Full-Version-List")
	if hintUA == "" {
		hintUA = header(h, "Sec-Ch-Ua")
	}
	return headers{
		userAgent:            header(h, "User-Agent"),
		acceptLanguage:       header(h, "Accept-Language"),
		referer:              header(h, "Referer"),
		hintUA:               hintUA,
		hintPlatform:         header(h, "Sec-Ch-Ua-Platform"),
		hintVersion:          header(h, "Sec-Ch-Ua-Platform-Version"),
		hintModel:            header(h, "Sec-Ch-Ua-Model"),
		hintMobile:           header(h, "Sec-Ch-Ua-Mobile"),
		doNotTrack:           header(h, "Dnt") == "1" || header(h, "X-Do-Not-Track") == "1",
		globalPrivacyControl: header(h, "Sec-Gpc") == "1",
		prefetch:             isPrefetch(h),
		optedOutCookie:       hasOptOutCookie(h["Cookie"]),
	}
}

// complete fills in what the hit's own parameters left open. The page URL
// falls back to the Referer only when the hit names neither page nor
// referrer: that is the bare image in a page without script.
func (hd *headers) complete(p *Params) {
	h := &p.Hit
	if h.UserAgent == "" {
		h.UserAgent = hd.userAgent
	}
	if h.AcceptLanguage == "" {
		h.AcceptLanguage = hd.acceptLanguage
	}
	if h.URL == "" && h.Referrer == "" {
		h.URL = hd.referer
	}
	h.HintUA, h.HintPlatform, h.HintPlatformVersion = hd.hintUA, hd.hintPlatform, hd.hintVersion
	h.HintModel, h.HintMobile = hd.hintModel, hd.hintMobile
	h.DoNotTrack = hd.doNotTrack
	h.GlobalPrivacyControl = hd.globalPrivacyControl
	h.Prefetch = hd.prefetch
	h.OptedOut = h.OptedOut || hd.optedOutCookie
}

// header reads one value; name has to be in canonical form. Script clients
// write "undefined" into headers as they do into parameters.
func header(h http.Header, name string) string {
	v := h[name]
	if len(v) == 0 || v[0] == "undefined" {
		return ""
	}
	return trim(clean(v[0]))
}

// isPrefetch tells loads that nobody looks at, or not yet.
func isPrefetch(h http.Header) bool {
	for _, name := range [...]string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		v := header(h, name)
		if v == "" {
			continue
		}
		v = strings.ToLower(v)
		for _, word := range [...]string{"prefetch", "prerender", "preview", "instant"} {
			if strings.Contains(v, word) {
				return true
			}
		}
	}
	return false
}

// hasOptOutCookie looks for the presence of an opt-out cookie, ours or one
// left by Matomo; no cookie's value is read.
func hasOptOutCookie(lines []string) bool {
	for _, line := range lines {
		for line != "" {
			cookie := line
			if i := strings.IndexByte(line, ';'); i >= 0 {
				cookie, line = line[:i], line[i+1:]
			} else {
				line = ""
			}
			if i := strings.IndexByte(cookie, '='); i >= 0 {
				cookie = cookie[:i]
			}
			switch trim(cookie) {
			case "foule_optout", "matomo_ignore", "piwik_ignore":
				return true
			}
		}
	}
	return false
}

// bearer reads the token of an Authorization header.
func bearer(h http.Header) string {
	const scheme = "bearer "
	v := header(h, "Authorization")
	if len(v) < len(scheme) || !strings.EqualFold(v[:len(scheme)], scheme) {
		return ""
	}
	return trim(v[len(scheme):])
}
