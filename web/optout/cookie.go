package optout

import "net/http"

// CookieName is the cookie that says no. Its value is "1" for everyone.
const CookieName = "foule_optout"

// foreignNames are Matomo's cookies of the same meaning, from a tracking side
// that lived here before. They are respected, and taken back with ours.
var foreignNames = []string{"matomo_ignore", "piwik_ignore"}

// cookieAge is as long as browsers let a cookie last (RFC 6265bis).
const cookieAge = 400 * 24 * 60 * 60

// SaidNo tells whether the browser holds the wish, as the tracking endpoint
// will see it.
func SaidNo(r *http.Request) bool {
	for _, name := range append([]string{CookieName}, foreignNames...) {
		if _, err := r.Cookie(name); err == nil {
			return true
		}
	}
	return false
}

// keepWish sends the cookie in the forms that browsers may take, since only
// they know which they do. Over plain HTTP the Secure ones are refused and the
// first stays. In a frame of another site only the partitioned one is kept, and
// it goes with hits from that site only. On our own page the unpartitioned one
// replaces the first, and goes with the hits of every site whose visitors'
// browsers pass such cookies on.
func keepWish(w http.ResponseWriter, framed bool) {
	http.SetCookie(w, &http.Cookie{Name: CookieName, Value: "1", Path: "/", MaxAge: cookieAge, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.SetCookie(w, &http.Cookie{Name: CookieName, Value: "1", Path: "/", MaxAge: cookieAge, HttpOnly: true, SameSite: http.SameSiteNoneMode, Secure: true, Partitioned: framed})
}

// dropWish deletes every form of the cookie, and Matomo's where there are any.
func dropWish(w http.ResponseWriter, r *http.Request) {
	names := []string{CookieName}
	for _, name := range foreignNames {
		if _, err := r.Cookie(name); err == nil {
			names = append(names, name)
		}
	}
	for _, name := range names {
		for _, path := range []string{"/", ""} { // Matomo's lie in its own folder, too
			gone := http.Cookie{Name: name, Path: path, MaxAge: -1, SameSite: http.SameSiteLaxMode}
			http.SetCookie(w, &gone)
			gone.SameSite, gone.Secure = http.SameSiteNoneMode, true
			http.SetCookie(w, &gone)
			gone.Partitioned = true
			http.SetCookie(w, &gone)
		}
	}
}
