package accesslog

import (
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"
)

// Record is one request that a web server answered.
type Record struct {
	Time      time.Time
	IP        netip.Addr
	Method    string
	Host      string // "" if the log does not tell
	Path      string // as sent, without query
	Query     string
	Status    int
	Referrer  string // "" for none
	UserAgent string
}

// Kind says what a request was to the audience.
type Kind uint8

// The kinds.
const (
	Page     Kind = iota
	Download      // a file that people fetch
	Part          // what a page is made of: styles, scripts, pictures, fonts
	Failed        // answered otherwise than with the thing itself
	Other         // not asked for by reading: another method than GET
)

// Kind judges a request by method, status and file ending.
func (r *Record) Kind() Kind {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(r.Path), "."))
	switch {
	case r.Method != "GET":
		return Other
	case r.Status/100 != 2 && r.Status != 304:
		return Failed
	case parts[ext]:
		return Part
	case downloads[ext]:
		return Download
	}
	return Page
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var (
	parts = set("css js mjs map png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf eot otf json xml txt webmanifest wasm rss atom m4s ts m3u8 vtt")
	// Those of Matomo's list (tracking.md §9) that are no part of a page.
	downloads = set("7z aac apk arc arj asc asf asx avi azw3 bin bz bz2 csv deb dmg doc docx epub exe flv gz gzip hqx ibooks jar md5 mobi mov movie mp2 mp3 mp4 " +
		"mpeg mpg msi msp odb odf odg ods odt ogg ogv pdf pkg pps ppt pptx qt qtm ra ram rar rpm rtf sea sha sha256 sha512 sig sit tar tbz tbz2 tgz torrent " +
		"wav wma wmv wpd xls xlsx xz z zip zst")
)

// address gives the full URL of the request. base is the site's, for logs that
// do not name the host.
func (r *Record) address(base string) string {
	if r.Host != "" {
		base = "https://" + r.Host
	}
	u := strings.TrimSuffix(base, "/") + r.Path
	if r.Query != "" {
		u += "?" + r.Query
	}
	return u
}

// splitTarget takes a request line's target apart: a path, or a whole URL as
// proxies get it.
func (r *Record) splitTarget(target string) {
	if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
		if u, err := url.Parse(target); err == nil {
			r.Host, target = u.Host, u.RequestURI()
		}
	}
	target, _, _ = strings.Cut(target, "#")
	r.Path, r.Query, _ = strings.Cut(target, "?")
}

// given gives "" for the dash by which logs say that there is none.
func given(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

func parseIP(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap().WithZone(""), true
	}
	p, err := netip.ParseAddrPort(s)
	return p.Addr().Unmap().WithZone(""), err == nil
}
