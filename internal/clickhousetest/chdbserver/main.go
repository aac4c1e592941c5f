// Command chdbserver is a modern ClickHouse for tests: libchdb.so, which is
// ClickHouse as a library, behind the part of ClickHouse's HTTP interface that
// clickhouse-go uses (Protocol HTTP). It is a process of its own so that a test
// can kill it; what was answered before outlives that, as on a real server.
//
// # What it does and what it does not
//
// Every request is a session of its own on the embedded server, with the
// request's database, settings (other URL parameters) and bound parameters
// (param_NAME), so requests run side by side and nothing leaks from one to the
// next. Answers come whole, never in part. Blocks may be compressed in
// ClickHouse's own frames (compress=1, decompress=1). Refused with a clear
// message: gzip and the like, external tables, several statements in one
// request, insert data in another format than Native. Ignored: query_id.
//
// The library knows one user, "default", who may do everything or, with
// -grants, what a file of GRANT statements allows. Names and passwords are
// checked here; whoever passes is that user.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "chdbserver:", err)
		os.Exit(1)
	}
}

// run serves until stdin ends, which it does when the test that holds its
// other end is gone, however it went.
func run(args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("chdbserver", flag.ContinueOnError)
	data := flags.String("data", "", "folder of the database")
	listen := flags.String("listen", "127.0.0.1:0", "address to serve on")
	users := flags.String("users", "", "comma-separated NAME:PASSWORD; nobody else gets in")
	grants := flags.String("grants", "", "file with a GRANT statement a line, without TO; nothing else is allowed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return errors.New("-data is missing")
	}
	accounts, err := parseAccounts(*users)
	if err != nil {
		return err
	}
	engine, err := open(*data, *grants)
	if err != nil {
		return err
	}
	version, err := engine.version()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- http.Serve(l, &server{engine: engine, accounts: accounts}) }()
	if err := json.NewEncoder(stdout).Encode(map[string]string{"event": "ready", "address": l.Addr().String(), "version": version}); err != nil {
		return err
	}
	gone := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		close(gone)
	}()
	select {
	case err := <-failed:
		return err
	case <-gone:
		return nil
	}
}

// parseAccounts gives the passwords by name.
func parseAccounts(list string) (map[string]string, error) {
	accounts := map[string]string{}
	for one := range strings.SplitSeq(list, ",") {
		name, password, ok := strings.Cut(one, ":")
		if !ok {
			return nil, fmt.Errorf("-users: %q is not NAME:PASSWORD", one)
		}
		accounts[name] = password
	}
	return accounts, nil
}
