package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/storage/sqlite"
)

// Store is a whole store: it can also be moved, what is in it erased, and it can
// forget what is older than the retention.
type Store interface {
	storage.Store
	storage.Mover
	storage.Eraser
	Prune(ctx context.Context, now time.Time) error
}

// Place says where a store is and what opening it takes.
type Place struct {
	Address      string // as the setting store
	PasswordFile string // "" for the password of the address
	Cluster      string // of a ClickHouse server; "" for none
	Data         string // the folder of the embedded store that the address "sqlite" means
	KeepMonths   int    // the retention
}

// PlaceOf gives the place that the configuration names.
func PlaceOf(c config.Config) Place {
	return Place{c.Store, c.StorePasswordFile, c.ClickHouseCluster, c.Data, c.RetentionMonths}
}

// Path gives the embedded store's file; ok is false for another engine.
func (p Place) Path() (path string, ok bool) {
	kind, rest, _ := strings.Cut(p.Address, ":")
	switch {
	case p.Address == "sqlite":
		return filepath.Join(p.Data, "foule.db"), true
	case kind == "sqlite" && rest != "":
		return rest, true
	}
	return "", false
}

// Exists says whether the embedded store has been made already.
func (p Place) Exists() bool {
	path, ok := p.Path()
	if !ok {
		return true // its engine will tell
	}
	_, err := os.Stat(path)
	return err == nil
}

// Shown is the address without a password.
func (p Place) Shown() string { return config.WithoutPassword(p.Address) }

// Origin names the store wherever the program runs and whoever asks: an
// absolute path, or a server and database without user and parameters.
func (p Place) Origin() (string, error) {
	path, ok := p.Path()
	if !ok {
		kind, rest, _ := strings.Cut(p.Address, "://")
		rest = rest[strings.LastIndex(rest, "@")+1:]
		rest, _, _ = strings.Cut(rest, "?")
		return kind + "://" + rest, nil
	}
	path, err := filepath.Abs(path)
	return "sqlite:" + path, err
}

// Open opens the store. For a ClickHouse server it does not reach for it, so
// that a server that is away keeps nobody from starting; see Check.
func (p Place) Open(use clickhouse.Use) (Store, error) {
	if path, ok := p.Path(); ok {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
		return sqlite.Open(path, sqlite.Options{KeepMonths: p.KeepMonths})
	}
	s, err := p.Server(use)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Server opens a ClickHouse store as what it is.
func (p Place) Server(use clickhouse.Use) (*clickhouse.Store, error) {
	kind, _, found := strings.Cut(p.Address, "://")
	if !found || !strings.HasPrefix(kind, "clickhouse") {
		kind, _, _ = strings.Cut(p.Address, ":")
		return nil, fmt.Errorf("store %q is not known: use sqlite, sqlite:PATH or clickhouse://USER@HOST:9000/DATABASE", kind)
	}
	address, err := p.withPassword()
	if err != nil {
		return nil, err
	}
	return clickhouse.Open(clickhouse.Options{DSN: address, Cluster: p.Cluster, KeepMonths: p.KeepMonths, Use: use})
}

// maxPassword bounds a password file: a larger one is some other file.
const maxPassword = 4096

// withPassword puts the password of its file into the address, in place of one
// that stands there. One line end at the file's end is not part of it.
func (p Place) withPassword() (string, error) {
	if p.PasswordFile == "" {
		return p.Address, nil
	}
	text, err := os.ReadFile(p.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("store-password-file: %w", err)
	}
	password := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	switch {
	case password == "":
		return "", fmt.Errorf("store-password-file: %s is empty", p.PasswordFile)
	case len(password) > maxPassword || strings.ContainsAny(password, "\r\n\x00"):
		return "", fmt.Errorf("store-password-file: %s holds more than one line: it is no password file", p.PasswordFile)
	}
	kind, rest, _ := strings.Cut(p.Address, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndex(rest[:end], "@")
	if at < 1 {
		return "", errors.New("store-password-file: store names no user whose password it is: write clickhouse://USER@HOST:9000/DATABASE")
	}
	user, _, _ := strings.Cut(rest[:at], ":")
	return kind + "://" + user + ":" + url.PathEscape(password) + rest[at:], nil
}

// Check says whether a store is fit for use: a server's version, its tables and
// the user's rights. The embedded store was checked as it was opened.
func Check(ctx context.Context, s Store) error {
	if server, ok := s.(*clickhouse.Store); ok {
		return server.Check(ctx)
	}
	return nil
}
