package guard

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// NoDumps sees to it that a crash writes no memory to a disk, and that no other
// process of the same user may read it or attach to it.
func NoDumps() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("guard: PR_SET_DUMPABLE: %w", err)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err == nil && limit == (unix.Rlimit{}) {
		return nil // a supervisor did it, and may have forbidden the call
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("guard: RLIMIT_CORE: %w", err)
	}
	return nil
}

// LockMemory locks all pages of the process, those to come included, as they are
// touched. It does so only where there is no limit: at one, the process would
// end when its memory grows.
func LockMemory() (locked bool, err error) {
	if !MayLock() {
		return false, nil
	}
	if err := unix.Mlockall(unix.MCL_CURRENT | unix.MCL_FUTURE | unix.MCL_ONFAULT); err != nil {
		return false, fmt.Errorf("guard: mlockall: %w", err)
	}
	return true, nil
}

// MayLock says whether this process may lock as much memory as it likes.
func MayLock() bool {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err == nil && limit.Cur == unix.RLIM_INFINITY {
		return true
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	err := unix.Capget(&header, &data[0])
	return err == nil && data[unix.CAP_IPC_LOCK/32].Effective>>(unix.CAP_IPC_LOCK%32)&1 == 1
}

// Swaps says whether memory of this process may go to a swap device, as far as
// can be seen from here: in a sandbox that hides it, the answer is no.
func Swaps() bool {
	devices, err := os.ReadFile("/proc/swaps")
	if err != nil || bytes.Count(bytes.TrimSpace(devices), []byte("\n")) == 0 { // a line of titles
		return false
	}
	group, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return true
	}
	path, found := strings.CutPrefix(strings.TrimSpace(string(group)), "0::")
	if !found {
		return true
	}
	most, err := os.ReadFile(filepath.Join("/sys/fs/cgroup", path, "memory.swap.max"))
	return err != nil || strings.TrimSpace(string(most)) != "0"
}
