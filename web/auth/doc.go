// Package auth says who is asking: a person with a password and a cookie, or a
// program with a token.
//
// It stands beside a hit's journey, in front of everything that reads: the
// dashboard and the APIs let it look at a request before they answer. In comes
// a request, out goes the same request that knows its [storage.User] or
// [Caller], or a refusal. It keeps users, log-in sessions and set-up links in
// storage.Settings, where of every secret only a hash is written, and it may
// forget its rate limits at any time.
//
// Start reading at [Auth.LogIn] and [Auth.RequireUser].
//
// # Same answer
//
// An unknown e-mail address and a wrong password give the same error after the
// same work, so that nobody learns who has an account.
package auth
