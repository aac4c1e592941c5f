package journal

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestKilledProcess kills a real process in the middle of its work, again and
// again, and finds every group that it acknowledged, once and in order.
func TestKilledProcess(t *testing.T) {
	if dir := os.Getenv("JOURNAL_CRASH_DIR"); dir != "" {
		appendForever(dir)
	}
	for _, ack := range []string{"durable", "written"} {
		dir := t.TempDir()
		from := 0
		for round := range 4 {
			acknowledged := runAndKill(t, dir, ack, from, 20+round*37)
			from = checkOrder(t, dir, acknowledged)
		}
	}
}

// appendForever is the process to be killed: it prints every number that was
// acknowledged and closes a segment now and then.
func appendForever(dir string) {
	o := Options{Dir: dir, Preallocate: 1 << 16}
	if os.Getenv("JOURNAL_CRASH_ACK") == "written" {
		o.Ack = Written
	}
	j, _, err := Open(o)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var from int
	fmt.Sscan(os.Getenv("JOURNAL_CRASH_FROM"), &from)
	for i := from; ; i++ {
		if err := j.Append(int64(i), [][]byte{fmt.Append(nil, i), []byte(strings.Repeat("x", i%700))}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(i)
		if i%25 == 24 {
			if _, _, err := j.Rotate(); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
		}
	}
}

// runAndKill gives the last number that the process acknowledged.
func runAndKill(t *testing.T, dir, ack string, from, lines int) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
	cmd.Env = append(os.Environ(), "JOURNAL_CRASH_DIR="+dir, "JOURNAL_CRASH_ACK="+ack, fmt.Sprint("JOURNAL_CRASH_FROM=", from))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := -1
	scanner := bufio.NewScanner(out)
	for n := 0; scanner.Scan(); n++ {
		if _, err := fmt.Sscan(scanner.Text(), &last); err != nil {
			t.Errorf("the process says: %s", scanner.Text())
		}
		if n == lines {
			cmd.Process.Kill()
		}
	}
	cmd.Wait() // killed
	if last < from {
		t.Fatalf("nothing was acknowledged from %d on", from)
	}
	return last
}

// checkOrder gives the number after the last one found.
func checkOrder(t *testing.T, dir string, acknowledged int) int {
	t.Helper()
	j, r := open(t, Options{Dir: dir})
	defer j.Close()
	next, whole := 0, true
	for _, s := range r.Segments {
		_, err := ReadSegment(s.Path, func(rec []byte) error {
			if whole = !whole; whole {
				return nil // the filler behind the number
			}
			if string(rec) != fmt.Sprint(next) {
				t.Fatalf("segment %d holds %s, want %d", s.Number, rec, next)
			}
			next++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !whole || next <= acknowledged || len(r.SetAside) > 0 {
		t.Fatalf("found up to %d, acknowledged %d; recovery %+v", next-1, acknowledged, r)
	}
	return next
}
