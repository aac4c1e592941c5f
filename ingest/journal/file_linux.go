package journal

import (
	"os"
	"syscall"
)

// syncFile flushes a file's data, and with whole all of its metadata. Without,
// fdatasync leaves out times, which saves a write of the inode for every group
// in a segment whose room is allocated.
func syncFile(f *os.File, whole bool) error {
	if whole {
		return f.Sync()
	}
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}

// preallocate asks for room; that there is none is for the writes to find out.
func preallocate(f *os.File, size int64) {
	_ = syscall.Fallocate(int(f.Fd()), 0, 0, size)
}
