package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

func TestFileMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.db")
	openAt(t, path)
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(name), mode)
		}
	}
}

// Files that are not ours, or no longer, are refused with the reason, and are not touched.
func TestRefusedFiles(t *testing.T) {
	exec := func(t *testing.T, path, statements string) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(statements); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string)
		want error
	}{
		{"text", func(t *testing.T, path string) { write(t, path, bytes.Repeat([]byte("not a database "), 999)) }, ErrCorrupt},
		{"another program's", func(t *testing.T, path string) { exec(t, path, "create table bookmarks (url text)") }, ErrCorrupt},
		{"another program's, with an id", func(t *testing.T, path string) { exec(t, path, "pragma application_id = 42") }, ErrCorrupt},
		{"of a newer version", func(t *testing.T, path string) {
			openAt(t, path).Close()
			exec(t, path, "pragma user_version = 999")
		}, ErrNewer},
		{"in a missing directory", func(t *testing.T, path string) { os.Remove(filepath.Dir(path)) }, fs.ErrNotExist},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "dir", "file.db")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			c.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := Open(path, Options{})
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, c.want) {
				t.Fatalf("Open: %v, want %v", err, c.want)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) && c.want != ErrCorrupt {
				t.Error("the file was changed")
			}
		})
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Damage in the middle of the file is found when it is read, and named.
func TestDamagedPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "damaged.db")
	s := openAt(t, path)
	if err := s.Apply(context.Background(), numbered(0)); err != nil {
		t.Fatal(err)
	}
	var root int64
	if err := s.read.QueryRow("select rootpage from sqlite_schema where name = 'stats_month'").Scan(&root); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(data[(root-1)*4096:root*4096], bytes.Repeat([]byte{0xa5}, 4096))
	write(t, path, data)
	s = openAt(t, path)
	_, err = s.Table(context.Background(), storage.TableQuery{
		Site: 1, From: march12.Month().First(), To: march12.Month().Last(), Dim: foule.DimPage,
	})
	if !errors.Is(err, ErrCorrupt) {
		t.Errorf("Table of a damaged file: %v, want ErrCorrupt", err)
	}
}

// A file of each earlier version is brought up to date with what it holds.
func TestMigrateFromEachVersion(t *testing.T) {
	ctx := context.Background()
	registerFunctions()
	all, err := readSteps(migrations)
	if err != nil {
		t.Fatal(err)
	}
	for version := range all {
		path := filepath.Join(t.TempDir(), "old.db")
		old := fstest.MapFS{}
		for _, step := range all[:version] {
			old["sql/migrate/"+step.name] = &fstest.MapFile{Data: []byte(step.sql)}
		}
		db, err := sql.Open("sqlite", dsn(path, Options{}.withDefaults(), true))
		if err != nil {
			t.Fatal(err)
		}
		if err := migrate(ctx, db, old); err != nil {
			t.Fatal(err)
		}
		if version >= 1 {
			if _, err := db.Exec("insert into stats_minute (minute, site, counts) values (5, 1, '7')"); err != nil {
				t.Fatal(err)
			}
		}
		db.Close()
		rows, err := openAt(t, path).Minutes(ctx, 1, 0, 9)
		if err != nil || version >= 1 && (len(rows) != 1 || rows[0].Metrics[foule.Visits] != 7) {
			t.Errorf("from version %d: %v, %v", version, rows, err)
		}
	}
}

// A migration that fails leaves the version before it.
func TestFailedMigration(t *testing.T) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", dsn(filepath.Join(t.TempDir(), "half.db"), Options{}.withDefaults(), true))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	fsys := fstest.MapFS{
		"sql/migrate/0001_good.sql": {Data: []byte("create table a (x integer)")},
		"sql/migrate/0002_bad.sql":  {Data: []byte("create table b (x integer); insert into nowhere values (1)")},
	}
	if err := migrate(ctx, db, fsys); err == nil || !strings.Contains(err.Error(), "0002_bad.sql") {
		t.Errorf("migrate: %v, want the name of the migration", err)
	}
	var version, tables int
	err = errors.Join(db.QueryRow("pragma user_version").Scan(&version), db.QueryRow("select count(*) from sqlite_schema").Scan(&tables))
	if err != nil || version != 1 || tables != 1 {
		t.Errorf("version %d, %d tables, %v; want 1, 1", version, tables, err)
	}
	if _, err := readSteps(fstest.MapFS{"sql/migrate/0002_gap.sql": {}}); err == nil {
		t.Error("a gap in the numbers: no error")
	}
}
