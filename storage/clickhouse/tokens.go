package clickhouse

import (
	"context"
	"fmt"

	"foule.eu/foule"
	"foule.eu/foule/storage"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

var tokenTable = settingsTable{"token", columnList(
	"id", "Int64", "hash", "FixedString(32)", "name", "String", "scope", "String", "site", "UInt32", "created", "Int64",
	"version", "UInt64", "deleted", "UInt8",
)}

type tokenRow struct {
	storage.Token
	version uint64
	deleted bool
}

// tokens reads all tokens; only those with the id or the hash where such is
// given. It reads the table token and nothing else, as the collector may do no
// more.
func (s *Store) tokens(ctx context.Context, id int64, hash *[32]byte) (tokens []tokenRow, err error) {
	v := values{"id": id, "hash": ""}
	if hash != nil {
		v["hash"] = fmt.Sprintf("%X", *hash)
	}
	err = s.rows(ctx, "tokens", nil, v, func(rows lib.Rows) error {
		var t tokenRow
		var text string
		var site uint32
		err := rows.Scan(&t.ID, &text, &t.Name, (*string)(&t.Scope), &site, &t.Created, &t.version)
		copy(t.Hash[:], text)
		t.Site = foule.SiteID(site)
		tokens = append(tokens, t)
		return err
	})
	return tokens, err
}

func (s *Store) putToken(ctx context.Context, t tokenRow) error {
	return s.put(ctx, tokenTable, []any{
		t.ID, string(t.Hash[:]), t.Name, string(t.Scope), uint32(t.Site), t.Created, t.version, t.deleted,
	})
}

// AddToken stores a token; storage.ErrConflict if its secret is known.
func (s *Store) AddToken(ctx context.Context, t storage.Token) (id int64, err error) {
	err = s.change("add token", func() error {
		known, err := s.tokens(ctx, 0, &t.Hash)
		if err != nil {
			return err
		}
		if len(known) > 0 {
			return storage.ErrConflict
		}
		if t.ID, err = s.claim(ctx, tokenNumber, 0); err != nil {
			return err
		}
		if err := s.putToken(ctx, tokenRow{Token: t, version: after(0)}); err != nil {
			return err
		}
		id = t.ID
		return nil
	})
	return id, err
}

// Tokens lists all tokens, by id.
func (s *Store) Tokens(ctx context.Context) ([]storage.Token, error) {
	rows, err := s.tokens(ctx, 0, nil)
	if err != nil {
		return nil, about("tokens", err)
	}
	tokens := make([]storage.Token, len(rows))
	for i, t := range rows {
		tokens[i] = t.Token
	}
	return tokens, nil
}

// TokenByHash finds a token; storage.ErrNotFound if there is none.
func (s *Store) TokenByHash(ctx context.Context, hash [32]byte) (storage.Token, error) {
	tokens, err := s.tokens(ctx, 0, &hash)
	if err == nil && len(tokens) == 0 {
		err = storage.ErrNotFound
	}
	if err != nil {
		return storage.Token{}, about("token", err)
	}
	return tokens[0].Token, nil
}

// DeleteToken deletes a token; storage.ErrNotFound if there is none.
func (s *Store) DeleteToken(ctx context.Context, id int64) error {
	return s.change(fmt.Sprintf("delete token %d", id), func() error {
		if id == 0 {
			return storage.ErrNotFound
		}
		tokens, err := s.tokens(ctx, id, nil)
		if err != nil {
			return err
		}
		if len(tokens) == 0 {
			return storage.ErrNotFound
		}
		return s.putToken(ctx, tokenRow{Token: storage.Token{ID: id}, version: after(tokens[0].version), deleted: true})
	})
}
