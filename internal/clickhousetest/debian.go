package clickhousetest

import (
	_ "embed"
	"fmt"
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

// debian prepares the folder of a server on its own and gives what starts it there.
func debian(t testing.TB, dir string) func(*Engine) (*process, error) {
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

// debianNode writes a server's configuration and gives what starts it.
func debianNode(t testing.TB, n node) func(*Engine) (*process, error) {
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
	address := "127.0.0.1:" + n.Port
	return func(*Engine) (*process, error) {
		cmd := exec.Command(debianServer, "--config-file="+filepath.Join(n.Dir, "config.xml"))
		cmd.Dir = n.Dir
		p, err := launch(cmd, func(string) (string, error) { return address, listening(address) })
		if err != nil {
			log, _ := os.ReadFile(filepath.Join(n.Dir, "log")) // may not be there yet
			return nil, fmt.Errorf("%w\n%s", err, log)
		}
		return p, nil
	}
}
