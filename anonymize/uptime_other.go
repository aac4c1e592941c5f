//go:build !linux

package anonymize

import "time"

// start is when the process began, nearly.
var start = time.Now()

// uptime is how long the process has run. Keys are parked on Linux only, so it
// need not go on from one run to the next; whether it stands still while the
// machine sleeps is up to the system.
func uptime() time.Duration { return time.Since(start) }
