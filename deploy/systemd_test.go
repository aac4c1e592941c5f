package deploy

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"foule.eu/foule/internal/config"
)

var units = []string{"foule-collector.service", "foule-dashboard.service"}

// exposure is the most that systemd may find wrong with a unit, of 10.
const exposure = 1.5

// install lays everything out in a folder, as a package would.
func install(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	cmd := exec.Command("systemd/install.sh")
	cmd.Env = append(os.Environ(), "DESTDIR="+root, "BIN="+built(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("install.sh: %v\n%s", err, out)
	}
	return root
}

// TestUnits: systemd finds no fault in the units as they are installed, and
// little that they could do without.
func TestUnits(t *testing.T) {
	analyze := tool(t, "systemd-analyze")
	root := install(t)
	// The targets that units of a real machine refer to.
	if err := os.CopyFS(filepath.Join(root, "usr/lib/systemd/system"), os.DirFS("/usr/lib/systemd/system")); err != nil {
		t.Fatal(err)
	}
	write(t, root+"/etc/systemd/system/foule-collector.service.d/clickhouse.conf", read(t, "systemd/clickhouse.conf"))
	if out, err := exec.Command(analyze, append([]string{"verify", "--root=" + root, "--man=no"}, units...)...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	level := regexp.MustCompile(`Overall exposure level for \S+: ([0-9.]+)`)
	for _, unit := range units {
		out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", "systemd/"+unit).Output()
		m := level.FindSubmatch(out)
		if err != nil || m == nil {
			t.Errorf("systemd-analyze security %s: %v\n%s", unit, err, out)
			continue
		}
		got, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil || got > exposure {
			t.Errorf("%s: exposure %s, want at most %v\n%s", unit, m[1], exposure, out)
		}
		t.Logf("%s: exposure %v of 10", unit, got)
	}
	if out, err := exec.Command(tool(t, "systemd-sysusers"), "--dry-run", "--root="+root, "foule.conf").CombinedOutput(); err != nil || !strings.Contains(string(out), "'foule'") {
		t.Errorf("systemd-sysusers: %v\n%s", err, out)
	}
}

// TestUnitSettings: what the units set are settings, secrets come by file, and
// the settings that are installed are valid.
func TestUnitSettings(t *testing.T) {
	known := settings()
	for _, name := range append(slices.Clone(units), "clickhouse.conf") {
		text := read(t, "systemd/"+name)
		for _, m := range regexp.MustCompile(`(?m)^#?Environment=(\w+)=(.*)$`).FindAllStringSubmatch(text, -1) {
			if !known[m[1]] {
				t.Errorf("%s: %s is no setting", name, m[1])
			}
		}
		if name != "foule-collector.service" && !strings.Contains(text, "LoadCredential=store-password:/etc/foule/") {
			t.Errorf("%s hands the password over by no credential", name)
		}
	}
	for _, name := range []string{"foule.toml", "dashboard.toml"} {
		text := read(t, "systemd/"+name)
		loads(t, name, text)
		// What is commented out has to be right as well.
		loads(t, name+" with everything", regexp.MustCompile(`(?m)^#([a-z-]+ = )`).ReplaceAllString(text, "$1"))
		if strings.Contains(text, ":password@") || regexp.MustCompile(`://\w+:[^@/]+@`).MatchString(text) {
			t.Errorf("%s holds a password", name)
		}
	}
}

func loads(t *testing.T, name, text string) {
	t.Helper()
	path := write(t, t.TempDir()+"/settings.toml", text)
	if _, err := config.Load("run", []string{"--config", path}, func(string) (string, bool) { return "", false }, nil); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// TestInstallKeepsSettings: a second installation replaces programs and units
// and leaves settings alone; without programs it says what to do.
func TestInstallKeepsSettings(t *testing.T) {
	root := install(t)
	mine := write(t, root+"/etc/foule/foule.toml", "listen = \"127.0.0.1:9\"\n")
	unit := write(t, root+"/etc/systemd/system/foule-collector.service", "old")
	cmd := exec.Command("systemd/install.sh")
	cmd.Env = append(os.Environ(), "DESTDIR="+root, "BIN="+built(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("install.sh: %v\n%s", err, out)
	}
	if got := read(t, mine); got != "listen = \"127.0.0.1:9\"\n" {
		t.Errorf("the settings are now %q", got)
	}
	if read(t, unit) != read(t, "systemd/foule-collector.service") {
		t.Error("the unit was not replaced")
	}
	cmd = exec.Command("systemd/install.sh")
	cmd.Env = append(os.Environ(), "DESTDIR="+t.TempDir(), "BIN=/nowhere")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "make build") {
		t.Errorf("without programs: %v, %s", err, out)
	}
}

// machine is a booted systemd.
type machine struct {
	t   *testing.T
	pid string // of its first process, as seen from here
}

// do runs a command on the machine.
func (m machine) do(args ...string) string {
	m.t.Helper()
	out, err := exec.Command("nsenter", append([]string{"--target", m.pid, "--mount", "--pid", "--ipc", "--uts", "--cgroup"}, args...)...).CombinedOutput()
	if err != nil {
		m.t.Errorf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// boot starts systemd over a copy of this machine's root.
func boot(t *testing.T, listen, board string) machine {
	t.Helper()
	script, err := filepath.Abs("testdata/boot.sh")
	if err != nil {
		t.Fatal(err)
	}
	installer, err := filepath.Abs("systemd/install.sh")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", "--mount", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "--cgroup", "sh", script)
	cmd.Env = append(os.Environ(), "INSTALL="+installer, "BASE="+t.TempDir(), "LISTEN="+listen, "BOARD="+board, "BIN="+built(t))
	p := start(t, cmd)
	m := machine{t: t}
	t.Cleanup(func() {
		if t.Failed() && m.pid != "" {
			t.Log(m.do("journalctl", "--no-pager"))
		}
		_ = p.cmd.Process.Signal(syscall.SIGKILL) // its first process ends with unshare
	})
	eventually(t, "systemd is up", func() bool {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", cmd.Process.Pid, cmd.Process.Pid))
		if err != nil {
			t.Fatalf("unshare ended: %v", err)
		}
		pid := strings.TrimSpace(string(children))
		name, err := os.ReadFile("/proc/" + pid + "/comm")
		if err == nil && strings.TrimSpace(string(name)) == "systemd" {
			m.pid = pid
		}
		return m.pid != ""
	})
	return m
}

// TestBoot lets a real systemd start the collector's unit, with everything that
// it forbids: hits are taken, a restart splits no visit, a stop forgets the
// visitor keys, and the process has no capability and no way to a core dump.
// Then the dashboard's unit, whose store is away.
func TestBoot(t *testing.T) {
	tool(t, "systemd-analyze")
	if os.Getuid() != 0 {
		missing(t, "only root can boot a systemd in namespaces of its own")
	}
	listen, board := "127.0.0.1:"+freePort(t), "127.0.0.1:"+freePort(t)
	m := boot(t, listen, board)
	hit := func() bool {
		req, err := http.NewRequest("GET", "http://"+listen+"/matomo.php?idsite=1&rec=1&send_image=0&url=https://shop.example/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", agent)
		req.Header.Set("X-Forwarded-For", "90.3.20.1")
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
		}
		return err == nil && res.StatusCode == http.StatusNoContent
	}
	eventually(t, "the collector takes a hit", hit)
	m.confined("foule-collector")
	m.do("systemctl", "restart", "foule-collector")
	eventually(t, "the collector takes a hit again", hit)
	if got := strings.TrimSpace(m.do("stat", "-c", "%a %U", "/run/foule", "/var/lib/foule", "/var/lib/foule/foule.db")); got != "700 foule\n700 foule\n600 foule" {
		t.Errorf("folders and store: %q", got)
	}
	m.do("systemctl", "stop", "foule-collector")
	if got := m.do("sh", "-c", "ls -d /run/foule 2>/dev/null || echo gone"); strings.TrimSpace(got) != "gone" {
		t.Errorf("after a stop there is still %s", got)
	}
	token := strings.TrimSpace(m.do("setpriv", "--reuid=foule", "--regid=foule", "--clear-groups", "/usr/local/bin/foule-collector", "token", "create", "--name", "test", "--data", "/var/lib/foule"))
	m.do("systemctl", "start", "foule-collector")
	c := &collector{token: token, Dashboard: "http://" + board}
	eventually(t, "both hits are one visitor's", func() bool {
		total := c.rows(t, http.DefaultClient, c.Dashboard, 1, "totals")[""]
		return total["hits"] == 2 && total["visitors"] == 1 && total["visits"] == 1
	})
	if _, french := c.rows(t, http.DefaultClient, c.Dashboard, 1, "countries")["FR"]; !french {
		t.Error("the country file is not used")
	}

	m.do("systemctl", "stop", "foule-collector")
	m.do("sh", "-c", "umask 077; echo a-password >/etc/foule/dashboard.password")
	m.do("systemctl", "start", "foule-dashboard")
	eventually(t, "the dashboard serves", func() bool {
		res, err := http.Get(c.Dashboard + "/healthz")
		if err == nil {
			res.Body.Close()
		}
		return err == nil && res.StatusCode == http.StatusOK
	})
	m.confined("foule-dashboard")
	if log := m.do("journalctl", "--no-pager", "--unit", "foule-dashboard"); !strings.Contains(log, "nothing listens at 127.0.0.1:1") || strings.Contains(log, "a-password") {
		t.Errorf("the dashboard's log: %s", log)
	}
}

// confined checks what the kernel says of a service's process.
func (m machine) confined(service string) {
	m.t.Helper()
	status := m.do("sh", "-c", "cd /proc/$(systemctl show --value -p MainPID "+service+") && cat status limits")
	for _, want := range []string{`Uid:\s+[1-9]`, `CapEff:\s+0+\n`, `CapBnd:\s+0+\n`, `NoNewPrivs:\s+1\n`, `Seccomp:\s+2\n`, `Max core file size\s+0\s+0`} {
		if !regexp.MustCompile(want).MatchString(status) {
			m.t.Errorf("%s is not %q:\n%s", service, want, status)
		}
	}
}
