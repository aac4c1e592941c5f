package clickhouse

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/storage"
	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// away checks an error of a store that does not answer: its kind, what it says,
// and that it keeps the password to itself.
func away(t *testing.T, err error, says ...string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	wantKind(t, err, storage.ErrUnavailable)
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("got  %v\nwant %s", err, s)
		}
	}
	for _, secret := range []string{clickhousetest.Password + "@", ":" + clickhousetest.Password, "hunter2"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows the password: %v", err)
		}
	}
	t.Log(err)
}

// changed gives a store setting in another form.
func changed(t *testing.T, dsn string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

// ask is a call of the store that has to reach the server.
func ask(t *testing.T, dsn string) error {
	t.Helper()
	_, err := openWith(t, Options{DSN: dsn}).Sites(context.Background())
	return err
}

func TestAccountsAndNames(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		for _, c := range []struct {
			name   string
			change func(*url.URL)
			says   string
		}{
			{"wrong password", func(u *url.URL) { u.User = url.UserPassword(clickhousetest.User, "hunter2") }, "correct the user or the password"},
			{"unknown user", func(u *url.URL) { u.User = url.UserPassword("nobody", "hunter2") }, "user nobody"},
			{"no password", func(u *url.URL) { u.User = url.User(clickhousetest.User) }, "correct the user or the password"},
			{"unknown database", func(u *url.URL) { u.Path = "/nosuch" }, "the database nosuch is missing"},
			{"not migrated", func(*url.URL) {}, "run: collector migrate"},
		} {
			t.Run(c.name, func(t *testing.T) { away(t, ask(t, changed(t, e.DSN, c.change)), c.says) })
		}
	})
}

// A table that someone dropped or altered, found when it is used.
func TestAlteredByHand(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		for _, c := range []struct {
			name, statement string
			use             func(*Store) error
			says            []string
		}{
			{"dropped table", "drop table token", func(s *Store) error {
				_, err := s.TokenByHash(context.Background(), storage.HashToken("x"))
				return err
			}, []string{"token", "missing", "run: collector migrate"}},
			{"dropped column", "alter table site drop column name", func(s *Store) error {
				_, err := s.Sites(context.Background())
				return err
			}, []string{"column name", "altered the schema"}},
			{"dropped column, written to", "alter table session drop column purpose", func(s *Store) error {
				return s.AddSession(context.Background(), storage.Session{Purpose: "login"})
			}, []string{"column purpose", "altered the schema"}},
			{"column of another type", "alter table site modify column created String", func(s *Store) error {
				if _, err := s.AddSite(context.Background(), foule.Site{Name: "x"}); err != nil {
					return err
				}
				_, err := s.Sites(context.Background())
				return err
			}, []string{"the column created has another type", "altered the schema"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := openOn(t, e, Options{})
				if err := s.conn.Exec(context.Background(), c.statement); err != nil {
					t.Fatal(err)
				}
				away(t, c.use(s), c.says...)
			})
		}
	})
}

func TestUnknownCluster(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		dsn := e.Database(t)
		if e.Kind == clickhousetest.Debian {
			dsn += "?old_server=accept"
		}
		s := openWith(t, Options{DSN: dsn, Cluster: "nosuch"})
		away(t, s.Check(context.Background()), "no cluster nosuch")
		away(t, s.Migrate(context.Background(), func(Step) {}), "no cluster nosuch", "cluster setting")
	})
}

func TestTooOld(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.Debian)
	s := openWith(t, Options{DSN: e.Database(t)})
	away(t, s.Check(context.Background()), "version is "+e.Version, "update the server")
	away(t, s.Migrate(context.Background(), func(Step) {}), "version is "+e.Version, "update the server")
}

// A server that is down is reported, and the same store works once it is up.
func TestServerDown(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		id, err := s.AddSite(context.Background(), foule.Site{Name: "kept"})
		if err != nil {
			t.Fatal(err)
		}
		e.Kill()
		_, err = s.Sites(context.Background())
		away(t, err)
		_, err = s.Sites(context.Background())
		away(t, err, "nothing listens at "+e.Address, "start the server")
		away(t, s.Check(context.Background()), "nothing listens at "+e.Address)
		away(t, s.SetMeta(context.Background(), "k", "v"), "nothing listens at "+e.Address)
		e.Restart(t)
		if site, err := s.Site(context.Background(), id); err != nil || site.Name != "kept" {
			t.Errorf("after the restart: %+v, %v", site, err)
		}
	})
}

// Several hosts: the next one answers for one that is away.
func TestNextHost(t *testing.T) {
	e := clickhousetest.Start(t, clickhousetest.Debian)
	s := openOn(t, e, Options{})
	both := openWith(t, Options{DSN: strings.Replace(s.Options.DSN, "@", "@"+nobody(t)+",", 1)})
	if err := both.SetMeta(context.Background(), "k", "v"); err != nil {
		t.Error(err)
	}
}

// nobody gives an address at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Ports that speak something else, or nothing.
func TestWrongPort(t *testing.T) {
	debian, chdb := clickhousetest.Start(t, clickhousetest.Debian), clickhousetest.Start(t, clickhousetest.ChDB)
	silent := serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	rude := serve(t, func(net.Conn) {})
	web := serve(t, func(c net.Conn) {
		for lines := bufio.NewScanner(c); lines.Scan() && lines.Text() != ""; {
		}
		io.WriteString(c, "HTTP/1.0 404 Not Found\r\n\r\nno such page\r\n")
		c.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c) // closing before all is read would be a reset
	})
	for _, c := range []struct{ name, dsn, says string }{
		{"nothing", "clickhouse://u:hunter2@" + nobody(t) + "/foule", "nothing listens at 127.0.0.1:"},
		{"nothing over HTTP", "clickhouse+http://u:hunter2@" + nobody(t) + "/foule", "nothing listens at 127.0.0.1:"},
		{"unknown host", "clickhouse://u:hunter2@nosuch.invalid/foule", "host nosuch.invalid is not to be found"},
		{"silent", "clickhouse://u:hunter2@" + silent + "/foule?dial_timeout=200ms", "no answer in time"},
		{"silent over HTTP", "clickhouse+http://u:hunter2@" + silent + "/foule?dial_timeout=200ms", "no connection to the server in time"},
		{"hangs up", "clickhouse://u:hunter2@" + rude + "/foule", "before the server greeted"},
		{"hangs up over HTTP", "clickhouse+http://u:hunter2@" + rude + "/foule", "before the server greeted"},
		{"HTTP port, spoken to natively", "clickhouse://u:hunter2@" + chdb.Address + "/foule?dial_timeout=1s", "clickhouse+http://"},
		{"native port, spoken to by HTTP", "clickhouse+http://u:hunter2@" + debian.Address + "/foule", "before the server greeted"},
		{"a web server", "clickhouse+http://u:hunter2@" + web + "/foule", "with status 404; correct the port"},
		{"TLS on a native port without", "clickhouse://u:hunter2@" + debian.Address + "/foule?secure=true", "no TLS came back"},
		{"TLS on an HTTP port without", "clickhouse+https://u:hunter2@" + chdb.Address + "/foule", "no TLS came back"},
	} {
		t.Run(c.name, func(t *testing.T) { away(t, ask(t, c.dsn), c.says) })
	}
}

// serve takes connections until the test ends; each is closed after talk.
func serve(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, l, talk)
}

func serveOn(t *testing.T, l net.Listener, talk func(net.Conn)) string {
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				talk(c)
			}()
		}
	}()
	return l.Addr().String()
}

// The limits of a read end it, as a question that is too large.
func TestLimits(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		for _, c := range []struct {
			name     string
			settings driver.Settings
			says     string
		}{
			{"rows", driver.Settings{"max_rows_to_read": 10}, "more rows to read than the limit of 10"},
			{"time", driver.Settings{"max_execution_time": 1}, "it took longer than the limit of 1"},
			{"memory", driver.Settings{"max_memory_usage": 8 << 20}, "it needs more memory than the limit of 8.00 MiB"},
		} {
			t.Run(c.name, func(t *testing.T) {
				rows, err := s.conn.Query(driver.Context(context.Background(), driver.WithSettings(c.settings)),
					"select count(), groupArray(number) from (select number from system.numbers limit 100000000) group by number % 1000000")
				if err == nil {
					for rows.Next() {
					}
					err = rows.Err()
					rows.Close()
				}
				err = kind(err)
				if err == nil {
					t.Fatal("no error")
				}
				wantKind(t, err, storage.ErrLimit)
				if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "shorter range") {
					t.Errorf("got %v, want %s", err, c.says)
				}
			})
		}
	})
}

// A write that meets a limit has no narrower form: it is for the operator to mend.
func TestLimitOfWrite(t *testing.T) {
	err := kindOfWrite(&driver.Exception{Code: 241, Message: "Query memory limit exceeded: would use 12.50 MiB, maximum: 9.54 MiB"})
	away(t, err, "it needs more memory than the limit of 9.54 MiB (code 241); raise the limit")
}

// A call that its caller gave up says so, and nothing of the server.
func TestGivenUp(t *testing.T) {
	engines(t, func(t *testing.T, e *clickhousetest.Engine) {
		s := openOn(t, e, Options{})
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := s.Sites(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("cancelled: %v", err)
		}
		ctx, cancel = context.WithTimeout(context.Background(), time.Nanosecond)
		defer cancel()
		if _, err := s.Sites(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("out of time: %v", err)
		}
	})
}

// A full disk, a real one of 24 MB.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted, which takes root: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	t.Setenv("TMPDIR", dir) // for the engine's folder
	e := clickhousetest.Start(t, clickhousetest.Debian)
	s := openOn(t, e, Options{})
	ballast := filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, zeros{}); err == nil {
		t.Fatal("the disk does not fill up")
	}
	f.Close()
	away(t, s.SetMeta(context.Background(), "k", "v"), "disk is full", "free some")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := s.SetMeta(context.Background(), "k", "v"); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
