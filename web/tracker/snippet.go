package tracker

import (
	"encoding/json"
	"fmt"
	"strings"

	"foule.eu/foule"
)

// Snippet gives the HTML that embeds the script the way Matomo's own does:
// a _paq queue, to which the page may push further calls, and an asynchronous
// load. The base is the URL under which matomo.js and matomo.php lie.
func Snippet(trackingBase string, site foule.SiteID) string {
	// JSON is JavaScript, and json.Marshal escapes what could end the script element.
	base, err := json.Marshal(withSlash(trackingBase))
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return fmt.Sprintf(`<!-- Foule -->
<script>
  var _paq = window._paq = window._paq || [];
  _paq.push(["trackPageView"]);
  _paq.push(["enableLinkTracking"]);
  (function () {
    var u = %s;
    _paq.push(["setTrackerUrl", u + "matomo.php"]);
    _paq.push(["setSiteId", "%d"]);
    var s = document.createElement("script");
    s.async = true;
    s.src = u + "matomo.js";
    document.head.appendChild(s);
  })();
</script>
<!-- End Foule -->
`, base, site)
}

// OneLine gives the shorter form, a single script element. The script then
// counts by itself what its data attributes ask for: page views, also those of
// a single-page application, downloads, outlinks and engaged time without more.
func OneLine(trackingBase string, site foule.SiteID) string { return Foule.Tag(trackingBase, site) }

func withSlash(base string) string { return strings.TrimSuffix(base, "/") + "/" }
