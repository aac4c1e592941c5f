package clickhouse

import (
	"context"
	"fmt"
	"strconv"

	"foule.eu/foule/storage"
	driver "github.com/ClickHouse/clickhouse-go/v2"
	lib "github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// maxChunkRows bounds a block. It is below every size at which a server cuts
// or waits to fill a block, and some 10 MB.
const maxChunkRows = 50_000

// Apply adds the batch. Every table gets it in chunks: sorted rows, of one
// month, at most maxChunkRows, always cut at the same places. A chunk is one
// insert of one block that becomes one part, under a token of its own; the
// server knows the token again, so the batch may be sent as often as it takes.
// Readers may see a batch whose chunks are not all there yet.
//
// On a single server without tokens (see the package comment) a batch whose
// answer was lost counts twice if it is sent again.
func (s *Store) Apply(ctx context.Context, b *storage.Batch) error {
	return s.apply(ctx, b.Token, chunksOf(b))
}

// tableChunks are what a table gets of a batch.
type tableChunks struct {
	name   string
	chunks []chunk
}

func chunksOf(b *storage.Batch) []tableChunks {
	return []tableChunks{
		{"stats_minute", minuteChunks(b.Minutes)},
		{"stats_hour", hourChunks(b.Hours)},
		{"stats_day", dayChunks(b.Days)},
		{"stats_month", monthChunks(b.Days)},
	}
}

func (s *Store) apply(ctx context.Context, batch string, tables []tableChunks) error {
	srv, err := s.known(ctx)
	if err != nil {
		return fmt.Errorf("clickhouse: apply batch %s: %w", batch, kind(err))
	}
	for _, table := range tables {
		for i, c := range table.chunks {
			token := batch + "/" + strconv.Itoa(i)
			if err := s.insert(ctx, srv, table.name, token, c); err != nil {
				s.forget()
				return fmt.Errorf("clickhouse: apply batch %s: %s: %w", batch, table.name, kindOfWrite(err))
			}
		}
	}
	return nil
}

// chunkSettings are sent along with every chunk. The server knows it again by
// its token or, where that stands in the rows, by its content.
func chunkSettings(srv *server, token string) driver.Settings {
	set := driver.Settings{
		"insert_distributed_sync": 1, // the shards have it when the answer comes
		"insert_deduplicate":      1,
	}
	if srv.knows["deduplicate_insert"] {
		set["deduplicate_insert"] = "enable"
	}
	if srv.modern {
		set["insert_deduplication_token"] = token
		set["async_insert"] = 0 // it would join blocks of several batches
	}
	return set
}

// insert sends one chunk as one block.
func (s *Store) insert(ctx context.Context, srv *server, table, token string, c chunk) error {
	d := s.dialect(srv)
	if d.stamped() {
		c = c.stamped(token)
	}
	columns := c.columns()
	batch, err := s.block(ctx, table, columns, chunkSettings(srv, token))
	if err != nil {
		return err
	}
	defer batch.Close()
	for i, v := range c.values() {
		if err := batch.Column(i).Append(v); err != nil {
			return fmt.Errorf("column %s: %w", columns[i].Name, err)
		}
	}
	return batch.Send()
}

// block begins an insert of one block; the caller closes it.
func (s *Store) block(ctx context.Context, table string, columns []driver.ColumnNameAndType, set driver.Settings) (lib.Batch, error) {
	text, err := compose("insert", struct {
		Table   string
		Columns []driver.ColumnNameAndType
	}{table, columns})
	if err != nil {
		return nil, err
	}
	return s.conn.PrepareBatch(driver.Context(ctx,
		driver.WithSettings(set),
		driver.WithColumnNamesAndTypes(columns), // spares a question to the server over HTTP
	), text)
}
