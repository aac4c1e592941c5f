package dashboard

import "net/http"

// policy forbids everything that the pages do not need: no inline style, no
// inline script, nothing from another origin.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store") // pages hold a site's figures; assets set their own
		next.ServeHTTP(w, r)
	})
}
