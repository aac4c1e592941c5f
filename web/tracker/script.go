package tracker

import (
	"crypto/sha256"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"

	"foule.eu/foule"
)

// The bundles as gen makes them, in Brotli's form too, their source maps, and
// the bundles of past releases.
//
//go:embed foule.lite.js foule.lite.js.br foule.lite.js.map
//go:embed foule.bare.js foule.bare.js.br foule.bare.js.map
//go:embed foule.js foule.js.br foule.js.map
//go:embed matomo.js matomo.js.br matomo.js.map
//go:embed released
var files embed.FS

// Script is one of the forms in which the tracker script is served. All send
// to matomo.php beside them, unless the page names another place.
type Script string

// The forms, smallest first.
const (
	Lite   Script = "foule.lite" // page views alone, also of single-page applications
	Bare   Script = "foule.bare" // the one-line embed for sites that may read nothing of the device
	Foule  Script = "foule"      // the one-line embed, told by data attributes
	Matomo Script = "matomo"     // Matomo's methods through _paq; also served as piwik.js and under js/
)

var scripts = []Script{Lite, Bare, Foule, Matomo}

// File is the name of the form in the version that the program carries, such
// as "foule.js". What it serves changes with the program.
func (s Script) File() string { return string(s) + ".js" }

// Versioned is a name of this very version, such as
// "foule.0123456789abcdef.js", with the first eight bytes of the bundle's
// SHA-256 in hexadecimal. What it serves never changes.
func (s Script) Versioned() string {
	sum := sha256.Sum256(s.body())
	return fmt.Sprintf("%s.%s.js", s, hex.EncodeToString(sum[:8]))
}

// Integrity is the value of an integrity attribute (W3C Subresource Integrity)
// for this very version: "sha384-" and a hash in base64. It belongs with
// [Script.Versioned]: beside the name that changes with the program it would
// lock the script out after the next update.
func (s Script) Integrity() string {
	sum := sha512.Sum384(s.body())
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Tag gives the script element that embeds the form. The base is the URL under
// which scripts and matomo.php lie, with or without a slash at its end.
func (s Script) Tag(trackingBase string, site foule.SiteID) string {
	return fmt.Sprintf(`<script defer src="%s" data-site="%d"></script>`, html.EscapeString(withSlash(trackingBase)+s.File()), site)
}

// PinnedTag gives the script element for this very version, which the browser
// refuses if a byte of it was changed. Updates of the program do not reach
// such a page, until somebody changes the element.
func (s Script) PinnedTag(trackingBase string, site foule.SiteID) string {
	return fmt.Sprintf(`<script defer src="%s" integrity="%s" crossorigin="anonymous" data-site="%d"></script>`,
		html.EscapeString(withSlash(trackingBase)+s.Versioned()), s.Integrity(), site)
}

func (s Script) body() []byte { return mustRead(s.File()) }

// mustRead reads a file that is part of the program.
func mustRead(name string) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the embed patterns name it
	}
	return body
}
