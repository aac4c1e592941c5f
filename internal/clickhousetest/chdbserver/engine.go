package main

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	chdb "github.com/chdb-io/chdb-go/chdb-purego"
)

// engine is the embedded server. It lives as long as the process: the first
// connection, which is never closed, keeps it.
type engine struct {
	source  string // what a connection is opened with
	spool   string // folder for rows on their way in
	first   chdb.ChdbConn
	connect sync.Mutex // one connection is opened or closed at a time
}

// open starts the embedded server over a folder, which it makes if need be.
func open(dir, grants string) (*engine, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	e := &engine{spool: filepath.Join(dir, "spool")}
	if err := errors.Join(os.RemoveAll(e.spool), os.MkdirAll(e.spool, 0o755)); err != nil {
		return nil, err
	}
	config, err := configure(dir, grants)
	if err != nil {
		return nil, err
	}
	e.source = filepath.Join(dir, "db") + "?config-file=" + config
	if e.first, err = e.dial(); err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	return e, nil
}

// configure writes the configuration that says what the one user may do.
func configure(dir, grants string) (string, error) {
	rights := "<access_management>1</access_management>"
	if grants != "" {
		text, err := os.ReadFile(grants)
		if err != nil {
			return "", err
		}
		var b strings.Builder
		for lines := bufio.NewScanner(strings.NewReader(string(text))); lines.Scan(); {
			if line := strings.TrimSpace(lines.Text()); line != "" {
				b.WriteString("<query>")
				if err := xml.EscapeText(&b, []byte(line)); err != nil {
					return "", err
				}
				b.WriteString("</query>")
			}
		}
		rights = "<grants>" + b.String() + "</grants>"
	}
	users := filepath.Join(dir, "users.xml")
	if err := os.WriteFile(users, []byte(`<clickhouse>
	<profiles><default/></profiles>
	<quotas><default/></quotas>
	<users><default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>`+rights+`</default></users>
</clickhouse>
`), 0o600); err != nil {
		return "", err
	}
	config := filepath.Join(dir, "config.xml")
	return config, os.WriteFile(config, []byte(`<clickhouse>
	<logger><level>none</level></logger>
	<timezone>UTC</timezone>
	<mark_cache_size>67108864</mark_cache_size>
	<uncompressed_cache_size>0</uncompressed_cache_size>
	<user_directories><users_xml><path>`+users+`</path></users_xml></user_directories>
	<backups><allowed_path>`+filepath.Join(dir, "backups")+`</allowed_path></backups>
</clickhouse>
`), 0o600)
}

// name is a setting or parameter as it may stand in SQL.
var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// session is what surrounds one statement.
type session struct {
	database string
	set      map[string]string // settings, and param_NAME
}

// query runs one statement and hands its answer, in format, to use while the
// library still holds the bytes. The error is the server's own text.
func (e *engine) query(s session, statement, format string, use func([]byte) error) error {
	conn, err := e.dial()
	if err != nil {
		return err
	}
	defer e.hangUp(conn)
	if s.database != "" {
		if err := exec(conn, "USE "+identifier(s.database)); err != nil {
			return err
		}
	}
	if len(s.set) > 0 {
		set := make([]string, 0, len(s.set))
		for key, value := range s.set {
			if !name.MatchString(key) {
				return refuse(115, "UNKNOWN_SETTING", strconv.Quote(key)+" is no name of a setting.")
			}
			set = append(set, key+" = "+literal(value))
		}
		if err := exec(conn, "SET "+strings.Join(set, ", ")); err != nil {
			return err
		}
	}
	res, err := conn.Query(statement, format)
	if err != nil {
		return err
	}
	defer res.Free()
	return use(res.Buf())
}

func (e *engine) dial() (chdb.ChdbConn, error) {
	e.connect.Lock()
	defer e.connect.Unlock()
	return chdb.NewConnectionFromConnString(e.source)
}

func (e *engine) hangUp(conn chdb.ChdbConn) {
	e.connect.Lock()
	defer e.connect.Unlock()
	conn.Close()
}

// version is what version() answers.
func (e *engine) version() (string, error) {
	var v string
	err := e.query(session{}, "SELECT version()", "TSV", func(b []byte) error {
		v = strings.TrimSpace(string(b))
		return nil
	})
	if err == nil && v == "" {
		err = errors.New("version() answers nothing")
	}
	return v, err
}

func exec(conn chdb.ChdbConn, statement string) error {
	res, err := conn.Query(statement, "Null")
	if err == nil {
		res.Free()
	}
	return err
}

// literal quotes a value for SQL, identifier a name.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func identifier(s string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(s) + "`"
}
