package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	"github.com/google/go-cmp/cmp"
)

// TestStartWhileStoreIsAway: with a copy of the sites the collector takes hits
// into its journal, and the store counts them once it is back.
func TestStartWhileStoreIsAway(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(s *store, o *Options)
	}{
		{"it does not answer", func(s *store, _ *Options) { s.fail(errDown) }},
		{"it is not fit for use", func(s *store, o *Options) { s.fail(nil); o.Check = func(context.Context) error { return errDown } }},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir, s, now := t.TempDir(), newStore(), newClock()
			away := func(o *Options) { row.change(s, o) }
			if _, _, err := tryOpen(t.TempDir(), s, now, away); !errors.Is(err, errDown) {
				t.Fatalf("a start without a copy: %v, want the store's error", err)
			}
			s.fail(nil)
			open(t, dir, s, now).close()

			c := open(t, dir, s, now, away)
			if log := c.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, errDown.Error()) || !strings.Contains(log, "sites.json") {
				t.Errorf("the log does not say what is going on: %s", log)
			}
			if w := c.get("idgoal", "1"); w.Code != http.StatusNoContent {
				t.Errorf("a conversion of a known goal: %d", w.Code)
			}
			if w := c.get("idsite", "2"); w.Code != http.StatusBadRequest {
				t.Errorf("a hit of a site that is in no copy: %d", w.Code)
			}
			c.count(page("/while-away")...)
			s.addSite(foule.Site{ID: 2, Timezone: "UTC"})
			s.fail(nil)
			eventually(t, "the hit is counted", func() bool { return s.hits(1, foule.DimPage, "/while-away") == 1 })
			eventually(t, "the store's sites are in force", func() bool { return c.get("idsite", "2").Code == http.StatusNoContent })
		})
	}
}

// TestCopyThatCannotBeUsed: nothing is counted by settings that may be wrong.
func TestCopyThatCannotBeUsed(t *testing.T) {
	for _, row := range []struct{ name, text string }{
		{"damaged", `{"format":1,"sites":[{"ID":1,"Na`},
		{"of another format", `{"format":2,"sites":[{"ID":1}]}`},
		{"with a setting of a later version", `{"format":1,"sites":[{"ID":1,"NotOnFridays":true}]}`},
		{"with more behind its end", `{"format":1,"sites":[{"ID":1}]}{}`},
		{"without a site", `{"format":1,"sites":[]}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir, s, now := t.TempDir(), newStore(), newClock()
			path := filepath.Join(dir, "sites.json")
			if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
				t.Fatal(err)
			}
			s.fail(errDown)
			_, _, err := tryOpen(dir, s, now)
			if !errors.Is(err, errDown) || row.name != "without a site" && !strings.Contains(err.Error(), path) {
				t.Errorf("start: %v; want the store's error, and the file's name", err)
			}
			s.fail(nil)
			open(t, dir, s, now).close()
			s.fail(errDown)
			open(t, dir, s, now) // the copy was written anew
		})
	}
}

// TestCopyKeepsEverySetting and nothing else.
func TestCopyKeepsEverySetting(t *testing.T) {
	site := foule.Site{}
	n := 0
	fill(reflect.ValueOf(&site).Elem(), &n)
	bare := foule.Site{ID: 2, SearchParams: []string{}} // not the same as nil
	c := sitesCopy{path: filepath.Join(t.TempDir(), "sites.json")}
	if err := c.write([]foule.Site{site, bare}); err != nil {
		t.Fatal(err)
	}
	got, err := c.read()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]foule.Site{site, bare}, got); d != "" {
		t.Errorf("the copy (-want +got):\n%s", d)
	}
}

// fill gives every field below v a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.Set(reflect.ValueOf(*n).Convert(v.Type()))
	}
}

// TestCopyHoldsNoToken: what the file may not hold.
func TestCopyHoldsNoToken(t *testing.T) {
	dir, s, now := t.TempDir(), newStore(), newClock()
	secret := s.token(storage.RoleAdmin, 0)
	hash := storage.HashToken(secret)
	c := open(t, dir, s, now)
	if w := c.get("token_auth", secret, "cip", "198.51.100.9"); w.Code != http.StatusNoContent {
		t.Fatalf("the token is refused: %d", w.Code)
	}
	text, err := os.ReadFile(filepath.Join(dir, "sites.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{secret, fmt.Sprintf("%x", hash), string(hash[:]), "198.51"} {
		if strings.Contains(string(text), canary) {
			t.Errorf("the copy holds %q:\n%s", canary, text)
		}
	}
}

// TestLag: how far the store is behind is told while it refuses, and no more
// once it has everything.
func TestLag(t *testing.T) {
	dir, s, now := t.TempDir(), newStore(), newClock()
	c := open(t, dir, s, now)
	if lag := c.StoreLag(); lag != (Lag{}) {
		t.Errorf("before any hit: %+v", lag)
	}
	s.fail(errDown)
	first := now.Now().Unix()
	c.get()
	eventually(t, "the store refuses", func() bool { return c.StoreLag().Failing })
	before := c.StoreLag()
	if at := before.AsOf.Unix(); at < first || at > now.Now().Unix() || before.Bytes == 0 {
		t.Errorf("lag %+v, the hit came at %d", before, first)
	}
	c.get()
	if lag := c.StoreLag(); lag.Bytes <= before.Bytes || lag.AsOf != before.AsOf {
		t.Errorf("lag %+v after one hit, %+v after two", before, lag)
	}
	c.abandon()

	c = open(t, dir, s, now, func(o *Options) { s.fail(nil); s.hold = make(chan struct{}) })
	if lag := c.StoreLag(); lag.AsOf != before.AsOf || lag.Bytes < before.Bytes {
		t.Errorf("lag %+v before a restart, %+v after it", before, lag)
	}
	close(s.hold)
	eventually(t, "the store has everything", func() bool { return c.StoreLag() == Lag{} })
}
