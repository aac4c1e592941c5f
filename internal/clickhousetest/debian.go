package clickhousetest

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"
)

// node is what a server of Debian's is configured with.
type node struct {
	Dir         string // folder for data, logs and configuration, ends with a slash
	Port        string // of the native protocol
	Interserver string // port for its replicas
	User        string
	Password    string
	ZooKeeper   string   // port, "" for a server on its own
	Shard       int      // from 1
	Shards      []string // ports of the native protocol, one a shard
}

//go:embed debian.xml
var debianXML string

//go:embed debian-users.xml
var debianUsersXML string

var (
	debianConfig = template.Must(template.New("debian.xml").Parse(debianXML))
	debianUsers  = template.Must(template.New("debian-users.xml").Parse(debianUsersXML))
)

// debian prepares the folder of a server on its own and gives that server.
func debian(t testing.TB, dir string) Server {
	t.Helper()
	needDebian(t)
	ports := freePorts(t, 2)
	return debianNode(t, node{Dir: dir + "/", Port: ports[0], Interserver: ports[1]})
}

// debianServer is where Debian's package puts the program, which need not be
// in everybody's PATH.
const debianServer = "/usr/sbin/clickhouse-server"

func needDebian(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(debianServer); err != nil {
		missing(t, "Debian's clickhouse-server: "+err.Error())
	}
}

// debianNode writes a server's configuration and gives that server.
func debianNode(t testing.TB, n node) Server {
	t.Helper()
	n.User, n.Password = User, Password
	for name, tmpl := range map[string]*template.Template{"config.xml": debianConfig, "users.xml": debianUsers} {
		f, err := os.Create(filepath.Join(n.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := tmpl.Execute(f, n); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return newServer(Debian, n.Port, func() *exec.Cmd {
		cmd := exec.Command(debianServer, "--config-file="+filepath.Join(n.Dir, "config.xml"))
		cmd.Dir = n.Dir
		return cmd
	})
}
