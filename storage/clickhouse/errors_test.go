package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"foule.eu/foule/storage"
	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// What servers answered to statements with the value 'secret' in them, and the
// words for it. The messages are those of 18.16 and of 26.5.
func TestServerErrors(t *testing.T) {
	away, limit := storage.ErrUnavailable, storage.ErrLimit
	for _, c := range []struct {
		code    int32
		message string
		kind    error // nil: neither
		want    string
	}{
		{16, "No such column zz in table t", away, "does not know the column zz (code 16); someone altered the schema"},
		{16, "No such column zz in table foule.x (fccb648e-d639-44fe-af18-0e59c3b9aa84). (NO_SUCH_COLUMN_IN_TABLE)", away, "column zz (code 16)"},
		{20, "Number of columns doesn't match (source: 1 and result: 2)", away, "has other columns than expected"},
		{43, "Illegal type String of argument for aggregate function sum", away, "another type than expected"},
		{47, "Unknown identifier: zz", away, "column zz (code 47)"},
		{47, "Unknown expression identifier `nope` in scope SELECT nope FROM foule.x WHERE s = 'secret'. (UNKNOWN_IDENTIFIER)", away, "column nope (code 47)"},
		{53, "Cannot convert string 'secret' to type UInt32: while executing function equals", away, "another type than expected (code 53)"},
		{60, "Table default.nope doesn't exist.", away, "the table default.nope is missing (code 60); run: collector migrate"},
		{60, "Unknown table expression identifier 'foule.nope' in scope SELECT 1 FROM foule.nope. (UNKNOWN_TABLE)", away, "the table foule.nope is missing"},
		{60, "Table foule.nope does not exist. Maybe you meant system.one?. (UNKNOWN_TABLE)", away, "the table foule.nope is missing"},
		{81, "Database nodb doesn't exist", away, "the database nodb is missing (code 81); create it"},
		{81, "Database nodb does not exist. (UNKNOWN_DATABASE)", away, "the database nodb is missing"},
		{115, "Unknown setting nosuch", away, "the setting nosuch (code 115); it is too old"},
		{158, "Limit for rows or bytes to read exceeded, max rows: 10.00, current rows: 100.00 thousand: While executing MergeTreeSelect", limit, "limit of 10.00 (code 158)"},
		{159, "Timeout exceeded: elapsed 3.000000109 seconds, maximum: 1", limit, "longer than the limit of 1 (code 159); ask for a shorter range"},
		{159, "Timeout exceeded: elapsed 1001.428438 ms, maximum: 1000 ms. (TIMEOUT_EXCEEDED)", limit, "limit of 1000 ms"},
		{159, "Watching task /clickhouse/task_queue/ddl/query-0000000001 is executing longer than distributed_ddl_task_timeout (=180) seconds.", away, "did not take part in time"},
		{164, "Cannot create table in readonly mode", away, "may only read (code 164); give its settings profile readonly = 0"},
		{170, "Requested cluster 'nope' not found", away, "no cluster nope (code 170); correct the cluster setting"},
		{170, "Bad get: has UInt64, requested String", nil, "refuses it: Bad get (code 170"},
		{192, "Unknown user bob", away, "the user bob (code 192); correct the user or the password"},
		{193, "Wrong password for user alice", away, "wrong password for the user alice (code 193)"},
		{194, "Password required for user alice", away, "the user alice needs a password"},
		{195, "User far is not allowed to connect from address 127.0.0.1", away, "the user far may not log in from this address"},
		{225, "Can't create replicated table without ZooKeeper", away, "no ZooKeeper or Keeper (code 225); start"},
		{241, "Memory limit (for query) exceeded: would use 9.54 MiB (attempt to allocate chunk of 4194304 bytes), maximum: 9.53 MiB", limit, "more memory than the limit of 9.53 MiB (code 241)"},
		{241, "Query memory limit exceeded: would use 12.50 MiB (attempt to allocate chunk of 6.00 MiB), maximum: 9.54 MiB: While executing AggregatingTransform.", limit, "limit of 9.54 MiB"},
		{241, "(total) memory limit exceeded: would use 3.61 GiB, maximum: 3.60 GiB. (MEMORY_LIMIT_EXCEEDED)", away, "the server has no memory left"},
		{242, "Table is in readonly mode", away, "the replica is read-only, having lost ZooKeeper or Keeper (code 242); start"},
		{243, "Cannot reserve 1.00 MiB, not enough space", away, "the server's disk is full (code 243); free some"},
		{76, "Cannot open file /var/lib/clickhouse/x, errno: 28, strerror: No space left on device", away, "the server's disk is full"},
		{1001, "std::exception. Code: 1001, type: std::filesystem, e.what() = No space left on device", away, "the server's disk is full"},
		{252, "Too many parts (300). Merges are processing significantly slower than inserts", away, "too many parts"},
		{307, "Limit for rows or bytes to read exceeded, max bytes: 10.00 B, current bytes: 256.00 KiB", limit, "limit of 10.00 B"},
		{396, "Limit for result exceeded, max rows: 10.00, current rows: 65.54 thousand. (TOO_MANY_ROWS_OR_BYTES)", limit, "larger than the limit"},
		{497, "collector: Not enough privileges. To execute this query, it's necessary to have the grant SELECT(id, name) ON foule.user. (ACCESS_DENIED)", away,
			"lacks the grant SELECT(id, name) ON foule.user (code 497); grant it, see deploy/clickhouse/grants.sql"},
		{497, "default: Not enough privileges. To execute this query, it's necessary to have the grant CREATE DATABASE ON x.*. (ACCESS_DENIED)", away, "lacks the grant CREATE DATABASE ON x.*"},
		{516, "collector: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)", away, "no user collector with this password (code 516)"},
		{701, "Requested cluster 'nope' not found. (CLUSTER_DOESNT_EXIST)", away, "no cluster nope"},
		{999, "Coordination::Exception: Session expired (Session expired). (KEEPER_EXCEPTION)", away, "ZooKeeper or Keeper fails (code 999)"},
		{62, "Syntax error: failed at position 42 ('secret'): 'secret'. Expected one of: end of query", nil, "refuses it: Syntax error (code 62"},
		{6, "Cannot parse string 'secret' as UInt32: syntax error at begin of string", nil, "refuses it: Cannot parse string (code 6"},
	} {
		for _, answer := range []error{
			&driver.Exception{Code: c.code, Message: c.message},
			fmt.Errorf("send: %w", &driver.HTTPError{StatusCode: 500, Err: &driver.Exception{Code: c.code, Message: c.message}}),
		} {
			err := kind(answer)
			wantKind(t, err, c.kind)
			text := err.Error()
			if !strings.Contains(text, c.want) {
				t.Errorf("code %d, %s:\ngot  %s\nwant %s", c.code, c.message, text, c.want)
			}
			if strings.Contains(text, "secret") || strings.Contains(text, "%!") || strings.Contains(text, "%s") {
				t.Errorf("code %d: %s", c.code, text)
			}
			if e := (*driver.Exception)(nil); !errors.As(err, &e) {
				t.Errorf("code %d: the server's answer is not in the error's chain", c.code)
			}
		}
	}
}

func wantKind(t *testing.T, err, want error) {
	t.Helper()
	for _, kind := range []error{storage.ErrUnavailable, storage.ErrLimit} {
		if errors.Is(err, kind) != (kind == want) {
			t.Errorf("%v: is of kind %q: %v", err, kind, kind != want)
		}
	}
}

// What the caller did itself, and what package storage says, stays as it is.
func TestErrorsLeftAlone(t *testing.T) {
	for _, err := range []error{
		nil, context.Canceled, fmt.Errorf("x: %w", context.Canceled), storage.ErrNotFound, storage.ErrConflict, ErrNewer,
		fmt.Errorf("x: %w", unavailable("a", "b")),
	} {
		if got := kind(err); got != err {
			t.Errorf("kind(%v) = %v", err, got)
		}
	}
}

// An HTTP client's error holds the whole address, with every bound value.
func TestNoAddressInErrors(t *testing.T) {
	err := kind(&url.Error{Op: "Post", URL: "http://u:***@h?param_email=ada%40example.org", Err: errors.New("http: server closed idle connection")})
	wantKind(t, err, storage.ErrUnavailable)
	if !strings.Contains(err.Error(), "the connection broke off") || strings.Contains(err.Error(), "ada") {
		t.Errorf("got %v", err)
	}
}
