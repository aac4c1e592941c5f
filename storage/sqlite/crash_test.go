package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// childEnv, when set, makes the test program a collector that applies batches
// to the file it names: see child.
const childEnv = "FOULE_SQLITE_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		child(path)
	}
	os.Exit(m.Run())
}

// numbered is batch n of the child: one visit in each of 300 rows.
func numbered(n int) *storage.Batch {
	b := &storage.Batch{Token: fmt.Sprintf("child/0/%d", n)}
	for i := range 300 {
		b.Days = append(b.Days, storage.DayRow{
			Site: 1, Day: march12, Dim: foule.DimPage, Label: fmt.Sprintf("/%d/%d", i, n%3), Metrics: visits(1),
		})
	}
	return b
}

func visits(n int64) (m foule.Metrics) {
	m[foule.Visits] = n
	return m
}

// child applies a batch for every line of its input, printing the number of
// each once it is confirmed, until it is killed or its input ends.
func child(path string) {
	s, err := Open(path, Options{})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	lines := bufio.NewScanner(os.Stdin)
	for n := 0; lines.Scan(); n++ {
		if err := s.Apply(context.Background(), numbered(n)); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
	os.Exit(0)
}

// startChild gives the running child, its input and what it prints.
func startChild(t *testing.T, path string) (*exec.Cmd, io.WriteCloser, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		cmd.Wait()
	})
	return cmd, stdin, bufio.NewScanner(out)
}

// A collector killed at any instant leaves whole batches: all that it had
// confirmed, perhaps one more, and what is sent again does not count again.
func TestKilledWhileApplying(t *testing.T) {
	for round := range 4 {
		t.Run(strconv.Itoa(round), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "killed.db")
			cmd, stdin, lines := startChild(t, path)
			if _, err := stdin.Write(bytes.Repeat([]byte("\n"), 1000)); err != nil {
				t.Fatal(err)
			}
			confirmed, enough := -1, rand.IntN(25)
			for confirmed < enough && lines.Scan() {
				n, err := strconv.Atoi(lines.Text())
				if err != nil {
					t.Fatalf("child says %q", lines.Text())
				}
				confirmed = n
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() { // confirmed before it died
				confirmed++
			}
			cmd.Wait()
			checkKilled(t, path, confirmed)
		})
	}
}

func checkKilled(t *testing.T, path string, confirmed int) {
	s := openAt(t, path)
	var check string
	if err := s.read.QueryRow("pragma integrity_check").Scan(&check); err != nil || check != "ok" {
		t.Errorf("integrity_check: %s, %v", check, err)
	}
	whole := totalVisits(t, s, 1)
	if whole%300 != 0 || whole/300 < int64(confirmed+1) || whole/300 > int64(confirmed+2) {
		t.Errorf("%d visits after %d confirmed batches of 300", whole, confirmed+1)
	}
	for n := range confirmed + 2 {
		if err := s.Apply(context.Background(), numbered(n)); err != nil {
			t.Fatal(err)
		}
	}
	if got := totalVisits(t, s, 1); got != int64(300*(confirmed+2)) {
		t.Errorf("%d visits after sending all again, want %d", got, 300*(confirmed+2))
	}
}

// totalVisits sums the pages of march12's month.
func totalVisits(t *testing.T, s *Store, site foule.SiteID) int64 {
	t.Helper()
	res, err := s.Table(context.Background(), storage.TableQuery{
		Site: site, From: march12.Month().First(), To: march12.Month().Last(), Dim: foule.DimPage,
	})
	if err != nil {
		t.Fatal(err)
	}
	return res.Sum[foule.Visits]
}

// The dashboard's process reads and changes settings while the collector's writes.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shared.db")
	s := openAt(t, path)
	_, stdin, lines := startChild(t, path)
	for i := range 15 {
		if _, err := io.WriteString(stdin, "\n"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddSite(context.Background(), foule.Site{Name: strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
		if meanwhile := totalVisits(t, s, 1); meanwhile%300 != 0 {
			t.Errorf("%d visits: part of a batch", meanwhile)
		}
		if !lines.Scan() || lines.Text() != strconv.Itoa(i) {
			t.Fatalf("child says %q", lines.Text())
		}
		now := totalVisits(t, s, 1)
		if want := int64(300 * (i + 1)); now != want {
			t.Errorf("%d visits after %d batches, want %d", now, i+1, want)
		}
	}
}

// Processes that start at once on a new file make it once.
func TestOpenedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := Open(path, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.SetMeta(context.Background(), "k", "v"); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// A full disk refuses the batch whole, and takes it once there is room.
func TestFullDisk(t *testing.T) {
	ctx := context.Background()
	s := openAt(t, filepath.Join(t.TempDir(), "full.db"))
	var pages int
	if err := s.write.QueryRow("pragma page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		t.Helper()
		if _, err := s.write.Exec(fmt.Sprintf("pragma max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages)
	if err := s.Apply(ctx, numbered(0)); !errors.Is(err, ErrFull) {
		t.Fatalf("Apply on a full disk: %v, want ErrFull", err)
	}
	if got := totalVisits(t, s, 1); got != 0 {
		t.Errorf("%d visits of a refused batch", got)
	}
	limit(1 << 20)
	if err := s.Apply(ctx, numbered(0)); err != nil {
		t.Fatal(err)
	}
	if got := totalVisits(t, s, 1); got != 300 {
		t.Errorf("%d visits, want 300", got)
	}
}

// A process that keeps the write lock for too long makes others say so.
func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "busy.db")
	s := openAt(t, path)
	hasty, err := Open(path, Options{BusyTimeout: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer hasty.Close()
	tx, err := s.write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := hasty.Apply(context.Background(), numbered(0)); !errors.Is(err, ErrBusy) {
		t.Errorf("Apply while another holds the lock: %v, want ErrBusy", err)
	}
}
