//go:build unix && !linux

package journal

import "os"

// syncFile flushes a file; these systems have no lighter way that is safe.
func syncFile(f *os.File, _ bool) error { return f.Sync() }

// preallocate does nothing: it is a matter of speed only.
func preallocate(*os.File, int64) {}
