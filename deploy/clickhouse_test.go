package deploy

import (
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"foule.eu/foule/internal/clickhousetest"
)

// element is an element of a configuration.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

// parse reads a configuration and fails unless it is one whole element.
func parse(t *testing.T, path string) element {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(read(t, path)))
	var root element
	if err := dec.Decode(&root); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if text, ok := token.(xml.CharData); err != nil || !ok || strings.TrimSpace(string(text)) != "" {
			t.Fatalf("%s: something stands after its end: %v, %v", path, token, err)
		}
	}
	if root.XMLName.Local != "clickhouse" {
		t.Errorf("%s: root is %s", path, root.XMLName.Local)
	}
	return root
}

// at gives the elements on a path below e.
func (e element) at(path ...string) (list []element) {
	if len(path) == 0 {
		return []element{e}
	}
	for _, c := range e.Children {
		if c.XMLName.Local == path[0] {
			list = append(list, c.at(path[1:]...)...)
		}
	}
	return list
}

// texts gives the texts of the elements on a path.
func (e element) texts(path ...string) (list []string) {
	for _, c := range e.at(path...) {
		list = append(list, strings.TrimSpace(c.Text))
	}
	return list
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// TestXML: every configuration can be read, and sets nothing twice.
func TestXML(t *testing.T) {
	files := 0
	err := filepath.WalkDir("clickhouse", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xml" {
			return err
		}
		files++
		seen := map[string]bool{}
		for _, c := range parse(t, path).Children {
			if seen[c.XMLName.Local] {
				t.Errorf("%s sets %s twice", path, c.XMLName.Local)
			}
			seen[c.XMLName.Local] = true
		}
		return nil
	})
	if err != nil || files < 10 {
		t.Errorf("%d files, %v", files, err)
	}
}

// structural are elements of a server's configuration with an inside of their
// own, which no table of settings lists.
var structural = []string{
	"backups", "logger", "merge_tree", "send_crash_reports", "mysql_port", "postgresql_port", "interserver_http_port", "remote_servers", "zookeeper",
	"distributed_ddl", "interserver_http_credentials", "user_directories", "listen_host", "macros", "interserver_http_host",
}

// TestSettingsExist: a setting of ClickHouse's that is misspelt is passed over
// in silence by the server, so a modern engine is asked for each name. The tables
// about itself that are turned off are no settings on every version.
func TestSettingsExist(t *testing.T) {
	conn := clickhousetest.Connect(t, clickhousetest.Start(t, clickhousetest.ChDB).DSN)
	defer conn.Close()
	known := func(table string) map[string]bool {
		rows, err := conn.Query(t.Context(), "select name from system."+table)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names := map[string]bool{}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			names[name] = true
		}
		if len(names) < 20 {
			t.Fatalf("system.%s has %d rows", table, len(names))
		}
		return names
	}
	of := func(path, what string, elements []element, names map[string]bool) {
		for _, e := range elements {
			if name := e.XMLName.Local; !names[name] {
				t.Errorf("%s: ClickHouse knows no %s %s", path, what, name)
			}
		}
	}
	server, query, merge := known("server_settings"), known("settings"), known("merge_tree_settings")
	for _, name := range structural {
		server[name] = true
	}
	for _, path := range []string{"clickhouse/config.d/foule.xml", "clickhouse/cluster/foule.xml"} {
		root := parse(t, path)
		var top []element
		for _, e := range root.Children {
			if !strings.HasSuffix(e.XMLName.Local, "_log") {
				top = append(top, e)
			}
		}
		of(path, "server setting", top, server)
		for _, e := range root.at("merge_tree") {
			of(path, "setting of tables", e.Children, merge)
		}
	}
	for _, e := range parse(t, "clickhouse/users.d/foule.xml").at("profiles", "default") {
		of("clickhouse/users.d/foule.xml", "setting of queries", e.Children, query)
	}
}

// TestSmallMachine: what the configuration for a small machine promises.
func TestSmallMachine(t *testing.T) {
	server, users := parse(t, "clickhouse/config.d/foule.xml"), parse(t, "clickhouse/users.d/foule.xml")
	number := func(text []string) (n int64) {
		if _, err := fmt.Sscan(strings.Join(text, " "), &n); err != nil {
			t.Errorf("%v: %v", text, err)
		}
		return n
	}
	p, err := project(t, hostNames, "compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	container, all := int64(p.Services["clickhouse"].MemLimit), number(server.texts("max_server_memory_usage"))
	one := number(users.texts("profiles", "default", "max_memory_usage"))
	if all >= container || one >= all {
		t.Errorf("memory: container %d, server %d, query %d", container, all, one)
	}
	// Two merges or mutations a thread are the server's own default.
	slots := 2 * number(server.texts("background_pool_size"))
	for _, e := range server.at("merge_tree")[0].Children {
		if strings.HasPrefix(e.XMLName.Local, "number_of_free_entries_in_pool") && number([]string{e.Text}) > slots {
			t.Errorf("%s is %s, the pool has %d: the server would refuse to start", e.XMLName.Local, strings.TrimSpace(e.Text), slots)
		}
	}
	for _, e := range server.Children {
		if strings.HasSuffix(e.XMLName.Local, "_log") && e.attr("remove") == "" {
			t.Errorf("%s stays on", e.XMLName.Local)
		}
	}
	if got := users.texts("users", "default", "networks", "ip"); !slices.Equal(got, []string{"127.0.0.1", "::1"}) || users.at("users", "default", "networks")[0].attr("replace") == "" {
		t.Errorf("the administrator is let in from %v", got)
	}
}

// TestCluster: the files of a cluster agree with each other.
func TestCluster(t *testing.T) {
	shared := parse(t, "clickhouse/cluster/foule.xml")
	servers := map[string]string{} // shard by host
	for i, shard := range shared.at("remote_servers", "foule", "shard") {
		if got := shard.texts("internal_replication"); !slices.Equal(got, []string{"true"}) {
			t.Errorf("shard %d: internal_replication %v", i+1, got)
		}
		hosts := shard.texts("replica", "host")
		if len(hosts) != 2 {
			t.Errorf("shard %d has the replicas %v", i+1, hosts)
		}
		for _, host := range hosts {
			servers[host] = fmt.Sprint(i + 1)
		}
	}
	if len(servers) != 4 {
		t.Errorf("servers: %v", servers)
	}
	for host, shard := range servers {
		node := parse(t, "clickhouse/cluster/nodes/"+host+".xml")
		got := []string{node.texts("macros", "cluster")[0], node.texts("macros", "shard")[0], node.texts("macros", "replica")[0], node.texts("interserver_http_host")[0]}
		if want := []string{"foule", shard, host, host}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", host, got, want)
		}
	}
	for _, path := range [][]string{{"remote_servers", "foule", "secret"}, {"interserver_http_credentials", "password"}} {
		if e := shared.at(path...); len(e) != 1 || e[0].attr("from_env") == "" || strings.TrimSpace(e[0].Text) != "" {
			t.Errorf("%v is no secret from the environment: %v", path, e)
		}
	}
	keepers := shared.texts("zookeeper", "node", "host")
	var first string
	for i, host := range keepers {
		path := "clickhouse/cluster/keeper/" + host + ".xml"
		keeper := parse(t, path)
		id := fmt.Sprint(i + 1)
		if got := keeper.texts("keeper_server", "server_id"); !slices.Equal(got, []string{id}) {
			t.Errorf("%s: server_id %v", host, got)
		}
		if got := keeper.texts("keeper_server", "raft_configuration", "server", "hostname"); !slices.Equal(got, keepers) {
			t.Errorf("%s: members %v, want %v", host, got, keepers)
		}
		if port, want := keeper.texts("keeper_server", "tcp_port"), shared.texts("zookeeper", "node", "port"); port[0] != want[i] {
			t.Errorf("%s listens on %v, servers ask on %s", host, port, want[i])
		}
		same := strings.NewReplacer("<server_id>"+id+"<", "<server_id>N<", "Keeper "+id+":", "Keeper N:").Replace(read(t, path))
		if first == "" {
			first = same
		}
		if same != first {
			t.Errorf("%s differs from the first in more than its number", path)
		}
	}
	if len(keepers) != 3 {
		t.Errorf("keepers: %v", keepers)
	}
}

// TestUsers runs users.sh with a client that takes down what it is told: no
// password stands in it, each user gets its roles, and a modern engine
// understands every statement.
func TestUsers(t *testing.T) {
	dir := t.TempDir()
	passwords := map[string]string{"collector": "canary one", "dashboard": "canary'; drop", "migrate": "canary-three"}
	for user, password := range passwords {
		write(t, dir+"/secrets/"+user+".password", password+"\n")
	}
	client := write(t, dir+"/bin/clickhouse-client", "#!/bin/sh\necho \"$@\" >>\"$OUT.args\"\ncat >>\"$OUT\"\n")
	if err := os.Chmod(client, 0o755); err != nil {
		t.Fatal(err)
	}
	run := func(secrets string) (string, error) {
		cmd := exec.Command("sh", "clickhouse/users.sh")
		cmd.Env = []string{"PATH=" + dir + "/bin:" + os.Getenv("PATH"), "OUT=" + dir + "/sql", "SECRETS=" + secrets}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run(dir + "/secrets"); err != nil {
		t.Fatalf("users.sh: %v\n%s", err, out)
	}
	sql, args := withoutComments(read(t, dir+"/sql")), read(t, dir+"/sql.args")
	if !strings.Contains(args, "--host 127.0.0.1 --user default") {
		t.Errorf("the client is called with %s", args)
	}
	for user, password := range passwords {
		if strings.Contains(sql+args, password) {
			t.Errorf("the password %q reaches the server", password)
		}
		// The line's end is no part of it.
		for _, verb := range []string{"create user if not exists ", "alter user "} {
			if want := fmt.Sprintf("%s%s identified with sha256_hash by '%x';", verb, user, sha256.Sum256([]byte(password))); !strings.Contains(sql, want) {
				t.Errorf("it does not say %q", want)
			}
		}
	}
	for _, want := range []string{
		"create database if not exists foule;", withoutComments(read(t, "clickhouse/grants.sql")),
		"grant foule_collector to collector;", "grant foule_dashboard to dashboard;", "grant foule_migrate to migrate;", "grant foule_dashboard to migrate;", "grant foule_erase to migrate;",
	} {
		if !strings.Contains(sql, want) {
			t.Errorf("it does not say %.60q", want)
		}
	}
	if got := strings.Count(sql, " to collector;"); got != 1 {
		t.Errorf("collector is granted %d roles", got)
	}
	understood(t, sql)

	for _, file := range slices.Sorted(maps.Keys(passwords)) {
		write(t, dir+"/secrets/"+file+".password", "\n")
		if out, err := run(dir + "/secrets"); err == nil || !strings.Contains(out, file+".password is empty") {
			t.Errorf("an empty password of %s: %v, %s", file, err, out)
		}
		write(t, dir+"/secrets/"+file+".password", "again\n")
	}
}

// understood lets a modern engine read each statement, without carrying it out.
func understood(t *testing.T, sql string) {
	t.Helper()
	conn := clickhousetest.Connect(t, clickhousetest.Start(t, clickhousetest.ChDB).DSN)
	defer conn.Close()
	statements := 0
	for statement := range strings.SplitSeq(sql, ";") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		statements++
		if err := conn.Exec(t.Context(), "explain ast "+statement); err != nil {
			t.Errorf("%s: %v", strings.TrimSpace(statement), err)
		}
	}
	if statements < 30 {
		t.Errorf("%d statements", statements)
	}
}

func withoutComments(sql string) string {
	var kept strings.Builder
	for line := range strings.Lines(sql) {
		if !strings.HasPrefix(line, "--") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
