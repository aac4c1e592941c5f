//go:build !linux

package guard

// NoDumps: elsewhere the limit is the operator's to set (ulimit -c 0).
func NoDumps() error { return nil }

// LockMemory locks nothing here.
func LockMemory() (locked bool, err error) { return false, nil }

// MayLock says that nothing is locked here.
func MayLock() bool { return false }

// Swaps: nobody tells us here whether there is swap; it is taken for granted.
func Swaps() bool { return true }
