//go:build leaky

package anonymize

import (
	"log"

	"foule.eu/foule"
	"foule.eu/foule/anonymize/scrub"
)

// leak breaks every promise of this house. It is compiled only with the build
// tag leaky, which nothing but a test sets: "collector prove" has to find out a
// program that was built so.
func leak(e *foule.Event, h *Hit) {
	if e.Kind == foule.KindPageView {
		e.Title = scrub.Label(e.Title + " " + h.UserAgent)
	}
	log.Print("leaky: a hit from ", h.IP)
}
