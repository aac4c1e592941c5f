package clickhousetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"
)

// TestEngines is what every test of a store relies on: the engines are there,
// keep what they answered for through a kill, and err as servers do.
func TestEngines(t *testing.T) {
	for _, kind := range Kinds {
		t.Run(kind, func(t *testing.T) {
			e := Start(t, kind)
			dsn := e.Database(t)
			conn := Connect(t, dsn)
			defer conn.Close()
			counters(t, conn)
			insert(t, conn, nil, row{"a", 1}, row{"b", 2})
			insert(t, conn, nil, row{"a", 10})
			want := []row{{"a", 11}, {"b", 2}}
			if diff := cmp.Diff(want, sums(t, conn)); diff != "" {
				t.Errorf("sums (-want +got):\n%s", diff)
			}

			var n uint64
			if err := conn.QueryRow(t.Context(), "SELECT count() FROM system.tables WHERE database = ? AND name = ?", path(t, dsn), "counters").Scan(&n); err != nil || n != 1 {
				t.Errorf("a bound parameter finds %d tables, %v", n, err)
			}
			var ex *clickhouse.Exception
			if err := conn.Exec(t.Context(), "SELECT * FROM nosuch"); !errors.As(err, &ex) || ex.Code != 60 {
				t.Errorf("an unknown table: %v, want code 60", err)
			}

			e.Kill()
			if err := conn.Ping(t.Context()); err == nil {
				t.Error("a killed engine answers")
			}
			e.Restart(t)
			again := Connect(t, dsn)
			defer again.Close()
			if diff := cmp.Diff(want, sums(t, again)); diff != "" {
				t.Errorf("sums after a kill (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAccounts: an engine knows its users, and where it should, its databases.
func TestAccounts(t *testing.T) {
	for _, kind := range Kinds {
		t.Run(kind, func(t *testing.T) {
			e := Start(t, kind)
			for _, one := range []struct {
				name, user, password string
				codes                []int32 // any of them; none: let in
			}{
				{"right", User, Password, nil},
				{"no password", "default", "", nil},
				{"wrong password", User, "wrong", []int32{193, 516}},
				{"unknown user", "nobody", Password, []int32{192, 516}},
			} {
				u, err := url.Parse(e.DSN)
				if err != nil {
					t.Fatal(err)
				}
				u.User = url.UserPassword(one.user, one.password)
				conn := Connect(t, u.String())
				err = conn.Ping(t.Context())
				conn.Close()
				var ex *clickhouse.Exception
				switch {
				case one.codes == nil && err != nil:
					t.Errorf("%s: %v", one.name, err)
				case one.codes != nil && (!errors.As(err, &ex) || ex.Code != one.codes[0] && ex.Code != one.codes[1]):
					t.Errorf("%s: %v, want one of the codes %v", one.name, err, one.codes)
				}
			}
			conn := Connect(t, strings.Replace(e.DSN, "/default", "/nosuch", 1))
			defer conn.Close()
			var ex *clickhouse.Exception
			if err := conn.Ping(t.Context()); !errors.As(err, &ex) || ex.Code != 81 {
				t.Errorf("an unknown database: %v, want code 81", err)
			}
		})
	}
}

// TestTokens: the modern engine takes a token for the content, through a kill
// too; the same content under another token counts again.
func TestTokens(t *testing.T) {
	e := Start(t, ChDB)
	dsn := e.Database(t)
	conn := Connect(t, dsn)
	defer conn.Close()
	counters(t, conn)
	token := func(s string) clickhouse.Settings { return clickhouse.Settings{"insert_deduplication_token": s} }
	insert(t, conn, token("c/1/1"), row{"a", 1})
	insert(t, conn, token("c/1/1"), row{"a", 1})
	insert(t, conn, token("c/1/2"), row{"a", 1})
	e.Restart(t)
	insert(t, conn, token("c/1/1"), row{"a", 1})
	insert(t, conn, token("c/1/2"), row{"a", 1})
	insert(t, conn, token(`it's \ "3"`), row{"a", 1})
	insert(t, conn, token(`it's \ "3"`), row{"a", 1})
	if diff := cmp.Diff([]row{{"a", 3}}, sums(t, conn)); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
}

// TestRestrict: the modern engine enforces grants.
func TestRestrict(t *testing.T) {
	e := Start(t, ChDB)
	dsn := e.Database(t)
	conn := Connect(t, dsn)
	defer conn.Close()
	counters(t, conn)
	database := path(t, dsn)
	e.Restrict(t, "GRANT INSERT ON "+database+".counters")
	insert(t, conn, nil, row{"a", 1})
	var ex *clickhouse.Exception
	if err := conn.QueryRow(t.Context(), "SELECT sum(n) FROM counters").Err(); !errors.As(err, &ex) || ex.Code != 497 {
		t.Errorf("a forbidden select: %v, want code 497", err)
	}
	e.Restrict(t, "GRANT SELECT ON "+database+".*")
	if diff := cmp.Diff([]row{{"a", 1}}, sums(t, conn)); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	if err := conn.Exec(t.Context(), "INSERT INTO counters (label, n) VALUES ('a', 1)"); !errors.As(err, &ex) || ex.Code != 497 {
		t.Errorf("a forbidden insert: %v, want code 497", err)
	}
	e.Restrict(t)
	insert(t, conn, nil, row{"a", 1})
}

// TestSideBySide: many sessions at once, each with its own settings.
func TestSideBySide(t *testing.T) {
	e := Start(t, ChDB)
	dsn := e.Database(t)
	conn := Connect(t, dsn)
	defer conn.Close()
	counters(t, conn)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			own := Connect(t, dsn)
			defer own.Close()
			for i := range 20 {
				limit := 1000 + worker*100 + i
				ctx := clickhouse.Context(context.Background(), clickhouse.WithSettings(clickhouse.Settings{
					"max_block_size": limit, "insert_deduplication_token": fmt.Sprint(limit),
				}))
				var got uint64
				if err := own.QueryRow(ctx, "SELECT toUInt64(getSetting('max_block_size'))").Scan(&got); err != nil || got != uint64(limit) {
					t.Errorf("max_block_size is %d, %v, want %d", got, err, limit)
				}
				if err := own.Exec(ctx, "INSERT INTO counters (label, n) VALUES ('a', 1)"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff([]row{{"a", 160}}, sums(t, conn)); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
}

// TestAnswers: what a client reads is what the library said, whatever the type
// and size, compressed or not.
func TestAnswers(t *testing.T) {
	e := Start(t, ChDB)
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionZSTD} {
		conn, err := clickhouse.Open(&clickhouse.Options{
			Protocol:    clickhouse.HTTP,
			Addr:        []string{e.Address},
			Compression: &clickhouse.Compression{Method: method},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		rows, err := conn.Query(t.Context(), "SELECT number, toLowCardinality(toString(number % 1000)), [toNullable(number), NULL], toDateTime(number, 'UTC') FROM numbers(200000)")
		if err != nil {
			t.Fatal(err)
		}
		n := uint64(0)
		for rows.Next() {
			var (
				number uint64
				label  string
				pair   []*uint64
				at     time.Time
			)
			if err := rows.Scan(&number, &label, &pair, &at); err != nil {
				t.Fatal(err)
			}
			if number != n || label != fmt.Sprint(n%1000) || len(pair) != 2 || *pair[0] != n || pair[1] != nil || at.Unix() != int64(n) {
				t.Fatalf("%s: row %d is %d, %q, %v, %s", method, n, number, label, pair, at)
			}
			n++
		}
		if err := rows.Err(); err != nil || n != 200_000 {
			t.Errorf("%s: %d rows, %v", method, n, err)
		}
		rows, err = conn.Query(t.Context(), "SELECT toLowCardinality('a') AS label, toUInt64(1) AS n WHERE 0")
		if err != nil || rows.Next() || rows.Err() != nil {
			t.Errorf("%s: an empty answer: %v", method, err)
		}
		counters(t, conn)
		insert(t, conn, nil, row{"a", 1})
		if diff := cmp.Diff([]row{{"a", 1}}, sums(t, conn)); diff != "" {
			t.Errorf("%s: sums (-want +got):\n%s", method, diff)
		}
		if err := conn.Exec(t.Context(), "DROP TABLE counters"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRefused: what chdbserver does not do, it says.
func TestRefused(t *testing.T) {
	e := Start(t, ChDB)
	conn := Connect(t, e.DSN)
	defer conn.Close()
	named := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"no_such_setting": 1}))
	for _, one := range []struct {
		name string
		err  error
		code int32
	}{
		{"two statements", conn.Exec(t.Context(), "SELECT 1; SELECT 2"), 62},
		{"unknown setting", conn.Exec(named, "SELECT 1"), 115},
		{"semicolons that end nothing", conn.Exec(t.Context(), "SELECT ';' /* ; */ -- ;\n;"), 0},
	} {
		var ex *clickhouse.Exception
		if one.code == 0 && one.err != nil || one.code != 0 && (!errors.As(one.err, &ex) || ex.Code != one.code) {
			t.Errorf("%s: %v, want code %d", one.name, one.err, one.code)
		}
	}
}

// TestVersionIsTheLockedOne: the folder that is looked in is the one that
// make setup fills.
func TestVersionIsTheLockedOne(t *testing.T) {
	text, err := os.ReadFile("../../test/engines/package.json")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf(`"@chdb/lib-linux-x64-gnu": %q`, chdbVersion); !strings.Contains(string(text), want) {
		t.Errorf("test/engines/package.json lacks %s", want)
	}
}

// row is a line of the table that these tests count in.
type row struct {
	Label string
	N     int64
}

func counters(t *testing.T, conn clickhouse.Conn) {
	t.Helper()
	version, err := conn.ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	window := ""
	if version.Version.Major > 20 {
		window = " SETTINGS non_replicated_deduplication_window = 100"
	}
	if err := conn.Exec(t.Context(), "CREATE TABLE counters (label String, n Int64) ENGINE = SummingMergeTree PARTITION BY tuple() ORDER BY label"+window); err != nil {
		t.Fatal(err)
	}
}

func insert(t *testing.T, conn clickhouse.Conn, settings clickhouse.Settings, rows ...row) {
	t.Helper()
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(settings))
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO counters (label, n)")
	if err != nil {
		t.Fatal(err)
	}
	defer batch.Close()
	for _, r := range rows {
		if err := batch.Append(r.Label, r.N); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
}

func sums(t *testing.T, conn clickhouse.Conn) []row {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT label, sum(n) FROM counters GROUP BY label ORDER BY label")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.Label, &r.N); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}

// path is the database that a store setting names.
func path(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}
