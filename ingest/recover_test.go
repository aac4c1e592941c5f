package ingest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/ingest/journal"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
)

// TestReplay is invariant I6: what a crash leaves in the journal makes, each
// time it is replayed, the same batches under the same tokens; and they come to
// what a run without a crash counts.
func TestReplay(t *testing.T) {
	calm, now := newStore(), newClock()
	c := open(t, t.TempDir(), calm, now)
	c.audience()
	c.close()

	down, now := newStore(), newClock()
	dir := t.TempDir()
	c = open(t, dir, down, now)
	down.fail(errDown)
	c.audience()
	crash := image(t, dir)
	if n := len(segments(t, crash)); n < 2 {
		t.Fatalf("the crash leaves %d segments, want several", n)
	}

	var replays [2]*store
	for i := range replays {
		replays[i] = newStore()
		open(t, image(t, crash), replays[i], now).close()
	}
	if diff := cmp.Diff(replays[0].applied(), replays[1].applied()); diff != "" {
		t.Errorf("two replays differ:\n%s", diff)
	}
	want := rows(calm.applied())
	if len(want) == 0 {
		t.Error("nothing was counted")
	}
	if diff := cmp.Diff(want, rows(replays[0].applied())); diff != "" {
		t.Errorf("without and with a crash:\n%s", diff)
	}
}

// TestReplayAfterEachCrash: a collector that dies again and again in the middle
// of its work, before or after the store took a batch, counts as if it had not.
func TestReplayAfterEachCrash(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	for round := range 6 {
		c := open(t, dir, s, now, func(o *Options) {
			if round%2 == 0 {
				o.Interval = time.Hour // nothing reaches the store
			}
		})
		c.count(page("/each")...)
		c.count(page("/round/" + string(rune('a'+round)))...)
		if round%2 == 1 {
			eventually(t, "the store has the hit", func() bool { return s.hits(1, foule.DimPage, "/each") == int64(round+1) })
		}
		dir = image(t, dir)
	}
	open(t, dir, s, now).close()
	if n := s.hits(1, foule.DimPage, "/each"); n != 6 {
		t.Errorf("6 hits were counted %d times", n)
	}
}

// TestSnapshotWhenCovered: the state is written down, and segments are removed,
// only once the store has all that the state says it has.
func TestSnapshotWhenCovered(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now)
	snapshot := filepath.Join(dir, snapshotName)
	s.fail(errDown)
	for range 20 {
		c.count(page("/a")...)
		now.move(2 * snapshotEvery)
	}
	tried := s.attempts()
	eventually(t, "the store is tried again", func() bool { return s.attempts() > tried+1 })
	if _, err := os.Stat(snapshot); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a snapshot although the store has nothing (%v)", err)
	}
	if len(segments(t, dir)) == 0 {
		t.Error("segments are gone although the store has nothing")
	}
	s.fail(nil)
	eventually(t, "the segments are covered and removed", func() bool { return len(segments(t, dir)) == 0 })
	if _, err := os.Stat(snapshot); err != nil {
		t.Error(err)
	}
	if n := s.hits(1, foule.DimPage, "/a"); n != 20 {
		t.Errorf("20 hits were counted %d times", n)
	}
}

// TestStateSurvives: a restart in peace goes on with the visits that were open.
func TestStateSurvives(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now)
	c.count(page("/a")...)
	c.close()
	if n := len(segments(t, dir)); n != 0 {
		t.Errorf("%d segments are left after a stop in peace", n)
	}
	before := len(s.applied())
	c = open(t, dir, s, now)
	c.count(page("/b")...)
	c.close()
	if s.hits(1, foule.DimPage, "/a") != 1 || s.hits(1, foule.DimPage, "/b") != 1 || len(s.applied()) != before+1 {
		t.Errorf("after a restart: %v", rows(s.applied()))
	}
}

func TestDamagedSnapshot(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now)
	c.audience()
	c.close()
	path := filepath.Join(dir, snapshotName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for name, b := range map[string][]byte{"a flipped bit": flipped, "half of it": whole[:len(whole)/2], "nothing": {}} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := tryOpen(dir, s, now)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), "move it away") {
			t.Errorf("%s: %v; want an error that names the file and what to do", name, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	c = open(t, dir, s, now)
	c.count(page("/after")...)
	c.close()
	if n := s.hits(1, foule.DimPage, "/after"); n != 1 {
		t.Errorf("without the snapshot, a hit is counted %d times", n)
	}
}

// TestBeginAnew: a journal that was removed counts its segments anew. Their
// batches must not be taken for those of the former ones, nor be passed over
// after a crash because a snapshot covers the number.
func TestBeginAnew(t *testing.T) {
	for name, removed := range map[string][]string{
		"without the journal": {"journal"}, "without journal and snapshot": {"journal", snapshotName},
	} {
		s, now := newStore(), newClock()
		dir := t.TempDir()
		for range 3 {
			c := open(t, dir, s, now)
			c.count(page("/before")...)
			c.close()
		}
		open(t, dir, s, now).close()
		for _, name := range removed {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		c := open(t, dir, s, now, func(o *Options) { o.Interval = time.Hour })
		c.count(page("/after")...)
		crash := image(t, dir)
		c.close()
		if before, after := s.hits(1, foule.DimPage, "/before"), s.hits(1, foule.DimPage, "/after"); before != 3 || after != 1 {
			t.Errorf("%s: counted %d of 3 and %d of 1 hits", name, before, after)
		}
		crashed := newStore()
		open(t, crash, crashed, now).close()
		if after := crashed.hits(1, foule.DimPage, "/after"); after != 1 {
			t.Errorf("%s, after a crash: counted %d of 1 hits", name, after)
		}
	}
}

func TestTornTail(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now, func(o *Options) { o.Interval = time.Hour })
	c.count(page("/whole")...)
	c.count(page("/torn")...)
	crash := image(t, dir)
	paths := segments(t, crash)
	if len(paths) != 1 {
		t.Fatalf("%d segments", len(paths))
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.TrimRight(b, "\x00")
	if err := os.WriteFile(paths[0], b[:len(b)-5], 0o600); err != nil {
		t.Fatal(err)
	}
	after := newStore()
	c = open(t, crash, after, now)
	if n := c.options.Metrics.truncated.Get(); n == 0 {
		t.Error("the bytes cut off are not counted")
	}
	if !strings.Contains(c.log.String(), "never acknowledged") {
		t.Errorf("the log does not tell: %s", c.log)
	}
	c.close()
	if after.hits(1, foule.DimPage, "/whole") != 1 || after.hits(1, foule.DimPage, "/torn") != 0 {
		t.Errorf("counted: %v", rows(after.applied()))
	}
}

func TestCorruptSegment(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now, func(o *Options) { o.Interval = time.Hour })
	for _, p := range []string{"/one", "/two", "/three"} {
		c.count(page(p)...)
	}
	crash := image(t, dir)
	path := segments(t, crash)[0]
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[bytes.Index(b, []byte("/two"))] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	after := newStore()
	c = open(t, crash, after, now)
	if c.options.Metrics.setAside.Get() != 1 || !strings.Contains(c.log.String(), "set aside") {
		t.Errorf("the damage is not told: %s", c.log)
	}
	c.close()
	if after.hits(1, foule.DimPage, "/one") != 1 || after.hits(1, foule.DimPage, "/two") != 0 {
		t.Errorf("counted: %v", rows(after.applied()))
	}
	if kept, err := filepath.Glob(filepath.Join(crash, "journal", "*.corrupt")); err != nil || len(kept) != 1 {
		t.Errorf("set aside: %v, %v", kept, err)
	}
}

// TestTwoCollectors: a second collector over one folder gives up, and has
// changed nothing that the first goes by.
func TestTwoCollectors(t *testing.T) {
	s, now := newStore(), newClock()
	dir := t.TempDir()
	c := open(t, dir, s, now)
	if _, _, err := tryOpen(dir, s, now); !errors.Is(err, journal.ErrLocked) {
		t.Errorf("a second collector over one folder: %v, want ErrLocked", err)
	}
	c.count(page("/a")...)
	eventually(t, "the hit is counted", func() bool { return s.hits(1, foule.DimPage, "/a") == 1 })
	crash := image(t, dir)
	open(t, crash, s, now).close()
	if n := s.hits(1, foule.DimPage, "/a"); n != 1 {
		t.Errorf("after a crash 1 hit is counted %d times", n)
	}
}

// TestKeysSurviveAFailedStart: a start that fails leaves the parked keys to the next.
func TestKeysSurviveAFailedStart(t *testing.T) {
	runtime, err := os.MkdirTemp("/dev/shm", "foule-test-")
	if err != nil {
		t.Skipf("no tmpfs at /dev/shm: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(runtime) })
	s, now := newStore(), newClock()
	dir := t.TempDir()
	parked := func(o *Options) { o.RuntimeDir = runtime }
	c := open(t, dir, s, now, parked)
	c.count(page("/a")...)
	c.close()
	path := filepath.Join(dir, snapshotName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:5], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := tryOpen(dir, s, now, parked); err == nil {
		t.Fatal("a damaged snapshot is taken")
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	c = open(t, dir, s, now, parked)
	c.count(page("/b")...)
	c.close()
	for key, m := range rows(s.applied()) {
		if r, ok := key.(storage.DayRow); ok && r.Dim == foule.DimTotal && r.By == foule.DimTotal && (m[foule.Visitors] != 1 || m[foule.Visits] != 1) {
			t.Errorf("%d visitors, %d visits; want one of each", m[foule.Visitors], m[foule.Visits])
		}
	}
}

// TestStopWithWorkWaiting: however much waits for the store, a stop ends when
// its time is up.
func TestStopWithWorkWaiting(t *testing.T) {
	s := newStore()
	s.hold = make(chan struct{})
	d := newDrain(s, t.TempDir(), NewMetrics(), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	go d.Run(ctx)
	time.AfterFunc(10*time.Millisecond, cancel)
	for i := range uint64(3 * maxPending) {
		d.add(work{segment: i + 1, batch: &storage.Batch{Token: "x"}})
	}
	d.Finish()
	if len(s.applied()) != 0 {
		t.Error("something was applied")
	}
}
