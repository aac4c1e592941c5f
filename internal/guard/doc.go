// Package guard keeps a process's memory off the disk: no core dumps, nobody of
// the same user who reads it, no swap where the system allows that. It stands in
// front of a hit's journey: cmd/collector calls it before the first secret
// exists (invariant I8). What it cannot do stands in docs/secrets.md.
package guard

// Memory says in a sentence what becomes of the memory of a collector that is
// started here.
func Memory() string {
	switch {
	case MayLock():
		return "a collector locks it, so that it is not swapped out"
	case Swaps():
		return "this machine swaps, and a collector may not lock its memory: visitor keys may reach the disk; see docs/secrets.md"
	}
	return "no swap was found; a collector may not lock its memory"
}
