package anonymize

import (
	"time"

	"golang.org/x/sys/unix"
)

// uptime is how long the machine has been up, sleep included.
func uptime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		panic("anonymize: the kernel has no clock of its uptime: " + err.Error()) // since Linux 2.6.39: cannot happen
	}
	return time.Duration(t.Nano())
}
