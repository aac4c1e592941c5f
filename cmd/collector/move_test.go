package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/ingest/journal"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

// TestMove: a store goes to another file by command, is found equal, and a
// target that somebody changed is not.
func TestMove(t *testing.T) {
	data, other := t.TempDir(), filepath.Join(t.TempDir(), "other.db")
	if status, _, errs := call("migrate", "--data", data); status != statusDone {
		t.Fatal(errs)
	}
	today := foule.DayOf(time.Now(), time.UTC)
	count := func(path, token string, day foule.Day) {
		t.Helper()
		s, err := sqlite.Open(path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		m := foule.Metrics{}
		m[foule.Visits], m[foule.Hits] = 2, 5
		if err := s.Apply(context.Background(), &storage.Batch{Token: token, Days: []storage.DayRow{{Site: 1, Day: day, Metrics: m}}}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(data, "foule.db")
	count(path, "a/0/1", today)
	count(path, "a/0/2", today-5000)
	args := []string{"move", "--data", data, "--from", "sqlite", "--to", "sqlite:" + other}

	j, _, err := journal.Open(journal.Options{Dir: filepath.Join(data, "collector", "journal")})
	if err != nil {
		t.Fatal(err)
	}
	if status, _, errs := call(args...); status != statusFailed || !strings.Contains(errs, "a collector runs over") {
		t.Errorf("while a collector runs: status %d, %s", status, errs)
	}
	if err := j.Append(1, [][]byte{{1}}); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := call(args...); status != statusFailed || !strings.Contains(errs, "the journal holds hits") {
		t.Errorf("with hits that the store may lack: status %d, %s", status, errs)
	}
	if j, _, err = journal.Open(journal.Options{Dir: filepath.Join(data, "collector", "journal")}); err == nil {
		err = j.Remove(1)
	}
	if err != nil {
		t.Fatal(err)
	}
	j.Close()

	status, out, errs := call(args...)
	if status != statusDone || !strings.Contains(out, "both stores hold the same") || !strings.Contains(out, "1 more are older than the retention") || !strings.Contains(errs, "copy  1 of 1") {
		t.Errorf("move: status %d\n%s%s", status, out, errs)
	}
	var answer moved
	status, out, errs = call(append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), &answer); err != nil || status != statusDone || !answer.Equal || !answer.Resumed || answer.Parts != 1 || len(answer.Months) != 1 || answer.Months[0].Hits != 5 {
		t.Errorf("again: status %d, %v\n%s%s", status, err, out, errs)
	}
	count(other, "b/0/1", today)
	status, out, errs = call(args...)
	if status != statusFailed || !strings.Contains(out, "DIFFERENT") || !strings.Contains(out, "total, by day: 1 rows differ; source map[hits:5 visits:2], target map[hits:10 visits:4]") || !strings.Contains(errs, "the stores differ in") {
		t.Errorf("a changed target: status %d\n%s%s", status, out, errs)
	}
	third := filepath.Join(t.TempDir(), "third.db")
	count(third, "c/0/1", today)
	if status, _, errs := call("move", "--data", data, "--from", "sqlite", "--to", "sqlite:"+third); status != statusFailed || !strings.Contains(errs, "--add") {
		t.Errorf("a target of another origin: status %d, %s", status, errs)
	}
}
