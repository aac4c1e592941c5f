package auth

import (
	"errors"
	"hash/maphash"
	"log/slog"
	"net/netip"
	"time"

	"github.com/go-chi/httprate"

	"foule.eu/foule/storage"
)

// The refusals. They say nothing of the secret that was refused.
var (
	ErrNoCredentials  = errors.New("log in or send a token")
	ErrBadCredentials = errors.New("wrong e-mail, password or token")
	ErrForbidden      = errors.New("not allowed")
	ErrTooMany        = errors.New("too many attempts; try again later")
	ErrLink           = errors.New("this link was used before or has expired")
	ErrWeakPassword   = errors.New("a password has 10 to 1000 characters")
	ErrEmail          = errors.New("not an e-mail address")
)

// Auth knows users, sessions and tokens. Make it with [New]; it is safe for
// concurrent use.
type Auth struct {
	Settings storage.Settings
	Now      func() time.Time
	// Proxies lists the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
	Proxies []netip.Prefix
	Log     *slog.Logger

	hashing chan struct{} // held while a password is hashed: bounds memory
	decoy   string        // hash that an unknown user's password is held against
	seed    maphash.Seed  // of the limits' keys

	perAddress, perAccount *httprate.RateLimiter
}

// Limits of log-in attempts. The first is what one network may try in all, the
// second what it may try on one account.
const (
	attemptWindow      = 15 * time.Minute
	attemptsPerAddress = 50
	attemptsPerAccount = 10
)

// hashers is how many passwords are hashed at a time, at 19 MiB each.
const hashers = 2

// New makes an Auth over the settings of a store.
func New(settings storage.Settings, proxies []netip.Prefix) *Auth {
	quiet := httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"})
	return &Auth{
		Settings:   settings,
		Now:        time.Now,
		Proxies:    proxies,
		Log:        slog.Default(),
		hashing:    make(chan struct{}, hashers),
		decoy:      HashPassword("nobody has this password"),
		seed:       maphash.MakeSeed(),
		perAddress: httprate.NewRateLimiter(attemptsPerAddress, attemptWindow, quiet),
		perAccount: httprate.NewRateLimiter(attemptsPerAccount, attemptWindow, quiet),
	}
}
