package process

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

// TestMoveStopped: a move to a ClickHouse server that is stopped by a signal is
// gone on with by the same command, and both ends are found equal.
func TestMoveStopped(t *testing.T) {
	const days = 60
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	data, address := t.TempDir(), e.Database(t)
	source, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.AddSite(context.Background(), foule.Site{Name: "Shop"}); err != nil {
		t.Fatal(err)
	}
	today := foule.DayOf(time.Now(), time.UTC)
	for n := range days {
		b := storage.Batch{Token: fmt.Sprint("fill/0/", n)}
		for i, page := range []string{"/", "/a", "/b"} {
			m := foule.Metrics{}
			m[foule.Hits], m[foule.Visits] = int64(n+1), int64(i+1)
			b.Days = append(b.Days, storage.DayRow{Site: 1, Day: today - foule.Day(n), Dim: foule.DimPage, Label: page, Metrics: m})
		}
		if err := source.Apply(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
	}
	if err := source.Close(); err != nil {
		t.Fatal(err)
	}
	var migrated struct{ Applied bool }
	command(t, &migrated, "migrate", "--data", data, "--store", address)

	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"move", "--data", data, "--from", "sqlite", "--to", address}
	log := newOutput()
	stopped := exec.Command(bin, args...)
	stopped.Env, stopped.Stdout, stopped.Stderr = []string{"TZ=UTC"}, os.Stdout, log
	if err := stopped.Start(); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(patience)
	for !strings.Contains(log.String(), "copy  ") && time.Now().Before(end) {
		time.Sleep(time.Millisecond)
	}
	if err := stopped.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := stopped.Wait(); err == nil || !strings.Contains(log.String(), "the same command goes on") || bytes.Contains(log.Bytes(), []byte(clickhousetest.Password+"@")) {
		t.Fatalf("a move that was stopped ended with %v\n%s", err, log)
	}
	var moved struct {
		Resumed, Equal bool
		Parts          int
		Rows           int64
		Sites          int
	}
	command(t, &moved, args...)
	if !moved.Resumed || !moved.Equal || moved.Parts != days || moved.Rows == 0 || moved.Rows >= 3*days || moved.Sites != 1 {
		t.Errorf("the second run: %+v, the first said:\n%s", moved, log)
	}
}
