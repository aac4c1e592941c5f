package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"foule.eu/foule/anonymize"
	"foule.eu/foule/internal/guard"
)

// nobody is who runs what is to be read by its own user only.
const nobody = 65534

// asNobody has a command run without rights, if this test has some.
func asNobody(cmd *exec.Cmd) *exec.Cmd {
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return cmd
}

// TestMemoryStaysInMemory is the part of invariant I8 that is the system's: a
// collector that serves writes no core dump, its own user cannot read its
// memory, and what can be locked is.
func TestMemoryStaysInMemory(t *testing.T) {
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("/dev/shm", "foule-guard-") // where nobody may go in, and the program is his
	if err != nil {
		t.Skipf("no place for another user: %v", err)
	}
	defer os.RemoveAll(folder)
	program, err := os.ReadFile(bin)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(folder, "collector")
	if err := os.WriteFile(own, program, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		for _, name := range []string{folder, own} {
			if err := os.Chown(name, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := launch(t, asNobody(exec.Command(own, "run", "--data", filepath.Join(folder, "data"), "--listen", "127.0.0.1:0", "--dashboard-listen", "off")))
	c.wait(t)
	other := asNobody(exec.Command("sleep", "600"))
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()

	limits := proc(t, c.cmd.Process.Pid, "limits")
	if !regexp.MustCompile(`(?m)^Max core file size +0 +0 +bytes`).MatchString(limits) {
		t.Errorf("the limit of core dumps is not 0:\n%s", limits)
	}
	for _, name := range []string{"mem", "environ"} {
		if owner := ownerOf(t, c.cmd.Process.Pid, name); owner != 0 {
			t.Errorf("%s belongs to user %d, not to root: the process can be dumped", name, owner)
		}
		if owner := ownerOf(t, other.Process.Pid, name); os.Getuid() == 0 && owner != nobody {
			t.Errorf("%s of another process belongs to user %d: the comparison proves nothing", name, owner)
		}
	}
	read := func(pid int, name string) error {
		return asNobody(exec.Command("head", "-c", "1", fmt.Sprintf("/proc/%d/%s", pid, name))).Run()
	}
	if err := read(other.Process.Pid, "environ"); err != nil {
		t.Errorf("another process' environment cannot be read (%v): the comparison proves nothing", err)
	}
	for _, name := range []string{"environ", "mem", "maps"} {
		if err := read(c.cmd.Process.Pid, name); err == nil {
			t.Errorf("its own user reads the collector's %s", name)
		}
	}
	c.stop(t)
}

// TestMemoryLocked: with the right to, a collector locks its memory, grows and serves.
func TestMemoryLocked(t *testing.T) {
	if !guard.MayLock() {
		t.Skip("this user may not lock memory")
	}
	c := start(t, t.TempDir(), "--k", "1")
	c.wait(t)
	if status := proc(t, c.cmd.Process.Pid, "status"); !regexp.MustCompile(`(?m)^VmLck:\s+[1-9]\d+ kB`).MatchString(status) {
		t.Errorf("nothing is locked:\n%s", status)
	}
	view(t, c, "/locked")
	c.stop(t)
	if log := c.log.String(); strings.Contains(log, "could not be") {
		t.Error(log)
	}
}

// TestKilledLeavesNoKeys: a process that is killed leaves no key behind, in the
// runtime folder or elsewhere, and what one left that never came back is gone
// with the next start.
func TestKilledLeavesNoKeys(t *testing.T) {
	runtime, data := memoryDir(t), t.TempDir()
	c := start(t, data, "--runtime-dir", runtime)
	c.wait(t)
	view(t, c, "/one")
	c.kill()
	if left := files(t, runtime); len(left) > 0 {
		t.Errorf("a killed process left %d files", len(left))
	}
	c = start(t, data, "--runtime-dir", runtime)
	c.wait(t)
	view(t, c, "/two")
	c.stop(t)
	parked, err := os.ReadFile(filepath.Join(runtime, anonymize.ParkName))
	if err != nil {
		t.Fatal(err)
	}
	stale := append([]byte{parked[0]}, make([]byte, len(parked)-1)...) // its deadlines are those of the epoch
	if err := os.WriteFile(filepath.Join(runtime, anonymize.ParkName), stale, 0o600); err != nil {
		t.Fatal(err)
	}
	failing := start(t, data, "--runtime-dir", runtime, "--geo-file", filepath.Join(runtime, "none"))
	<-failing.exited
	if left := files(t, runtime); failing.err == nil || len(left) > 0 {
		t.Errorf("a start that failed (%v) left %d files of keys past their time", failing.err, len(left))
	}
}

func proc(t *testing.T, pid int, name string) string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func ownerOf(t *testing.T, pid int, name string) uint32 {
	t.Helper()
	info, err := os.Stat(fmt.Sprintf("/proc/%d/%s", pid, name))
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Uid
}
