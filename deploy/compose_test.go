package deploy

import (
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"

	"foule.eu/foule/internal/config"
)

const hostNames = "FOULE_TRACKING_HOST=stats.example.org FOULE_DASHBOARD_HOST=board.example.org"

// project reads compose files as docker compose does: against the schema, with
// variables filled in and files merged.
func project(t *testing.T, env string, files ...string) (*types.Project, error) {
	t.Helper()
	logrus.SetOutput(io.Discard)
	options, err := cli.NewProjectOptions(files, cli.WithEnv(strings.Fields(env)), cli.WithInterpolation(true))
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

// composed are the ways to start Foule with compose.
var composed = map[string][]string{
	"ClickHouse":                {"compose.yaml"},
	"embedded":                  {"compose.embedded.yaml"},
	"ClickHouse, visits kept":   {"compose.yaml", "compose.run.yaml"},
	"embedded, and visits kept": {"compose.embedded.yaml", "compose.run.yaml"},
}

// TestComposeHardened: what every container is refused.
func TestComposeHardened(t *testing.T) {
	for way, files := range composed {
		p, err := project(t, hostNames, files...)
		if err != nil {
			t.Errorf("%s: %v", way, err)
			continue
		}
		for name, s := range p.Services {
			fault := func(what string) { t.Errorf("%s: %s %s", way, name, what) }
			if !s.ReadOnly {
				fault("can write to its root")
			}
			if !slices.Equal(s.CapDrop, []string{"ALL"}) || name != "caddy" && len(s.CapAdd) > 0 || name == "caddy" && !slices.Equal(s.CapAdd, []string{"NET_BIND_SERVICE"}) {
				fault("has capabilities: dropped " + strings.Join(s.CapDrop, ",") + ", added " + strings.Join(s.CapAdd, ","))
			}
			if !slices.Contains(s.SecurityOpt, "no-new-privileges:true") || s.Privileged || s.NetworkMode == "host" || s.Pid != "" {
				fault("can get more privileges")
			}
			if (s.User == "" || strings.HasPrefix(s.User, "0")) && name != "caddy" {
				fault("runs as root")
			}
			if s.MemLimit == 0 || s.PidsLimit == 0 {
				fault("has no limit of memory or processes")
			}
			if core := s.Ulimits["core"]; core == nil || core.Single != 0 || core.Hard != 0 {
				fault("may dump its core")
			}
			if name == "collector" && s.MemSwapLimit != s.MemLimit {
				fault("may be swapped out with the visitor keys")
			}
			if len(s.Ports) > 0 && name != "caddy" {
				fault("is reached from outside")
			}
			if _, tag, ok := strings.Cut(s.Image, ":"); !ok || tag == "" || tag == "latest" {
				fault("is not pinned: " + s.Image)
			}
			if s.Logging == nil || s.Logging.Options["max-size"] == "" {
				fault("logs without end")
			}
			if once := name == "migrate" || name == "users"; once == (s.Restart == "unless-stopped") {
				fault("has the restart policy " + s.Restart)
			}
			if s.HealthCheck == nil && s.Build == nil && name != "users" {
				fault("has no health check")
			}
			mounts(t, way, s)
		}
		for name, n := range p.Networks {
			if !bool(n.Internal) && name != "edge" && name != "default" {
				t.Errorf("%s: network %s has a way out", way, name)
			}
		}
	}
}

// mounts checks that files from the repository are there and cannot be written
// to, and that data has a place.
func mounts(t *testing.T, way string, s types.ServiceConfig) {
	t.Helper()
	for _, v := range s.Volumes {
		switch {
		case v.Type == types.VolumeTypeVolume:
		case v.Source == "/run/foule":
			if v.Bind == nil || bool(v.Bind.CreateHostPath) {
				t.Errorf("%s: %s: Docker would make %s open to others", way, s.Name, v.Source)
			}
		default:
			if _, err := os.Stat(v.Source); err != nil || !v.ReadOnly {
				t.Errorf("%s: %s mounts %s, read-only %t: %v", way, s.Name, filepath.Base(v.Source), v.ReadOnly, err)
			}
		}
	}
}

// TestComposeSettings: Foule's containers start with settings that are valid,
// believe Caddy alone, and each gets the one password that it needs, by file.
func TestComposeSettings(t *testing.T) {
	known := settings()
	for way, files := range composed {
		p, err := project(t, hostNames, files...)
		if err != nil {
			t.Errorf("%s: %v", way, err)
			continue
		}
		for name, s := range p.Services {
			if s.Build == nil {
				continue
			}
			env := environment(t, dockerfile(t))
			for key, value := range s.Environment {
				if strings.HasPrefix(key, "FOULE_") && !known[key] {
					t.Errorf("%s: %s: %s is no setting", way, name, key)
				}
				env[key] = *value
			}
			c, err := config.Load("run", nil, func(key string) (string, bool) { v, ok := env[key]; return v, ok }, nil)
			if err != nil {
				t.Errorf("%s: %s: %v", way, name, err)
				continue
			}
			if name != "migrate" {
				believed(t, way, p, name, c)
			}
			var secrets []string
			for _, secret := range s.Secrets {
				secrets = append(secrets, "/run/secrets/"+secret.Source)
			}
			if got := strings.Join(secrets, ","); got != c.StorePasswordFile {
				t.Errorf("%s: %s gets the secrets %q and reads %q", way, name, got, c.StorePasswordFile)
			}
			if c.Data == "/data" && !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == "/data" }) && name == "collector" {
				t.Errorf("%s: %s has no volume for %s", way, name, c.Data)
			}
		}
	}
}

// believed checks that the one address a container believes is Caddy's on a
// network that both are on, and that Caddy finds it where it listens.
func believed(t *testing.T, way string, p *types.Project, name string, c config.Config) {
	t.Helper()
	caddy := p.Services["caddy"]
	proxies := make([]string, len(c.TrustedProxies))
	for i, prefix := range c.TrustedProxies {
		proxies[i] = prefix.String()
	}
	shared := false
	for network, config := range caddy.Networks {
		if _, on := p.Services[name].Networks[network]; on {
			shared = true
			if want := config.Ipv4Address + "/32"; !slices.Equal(proxies, []string{want}) {
				t.Errorf("%s: %s believes %v, Caddy is %s", way, name, proxies, want)
			}
			for _, pool := range p.Networks[network].Ipam.Config {
				free, err := netip.ParsePrefix(pool.IPRange)
				if err != nil || free.Contains(netip.MustParseAddr(config.Ipv4Address)) {
					t.Errorf("%s: Docker may give Caddy's address %s to another container: range %q, %v", way, config.Ipv4Address, pool.IPRange, err)
				}
			}
		}
	}
	if !shared {
		t.Errorf("%s: Caddy does not reach %s", way, name)
	}
	target := caddy.Environment["FOULE_COLLECTOR"]
	if name == "dashboard" {
		target = caddy.Environment["FOULE_DASHBOARD"]
	}
	if *target != name+c.Listen {
		t.Errorf("%s: Caddy asks %s, %s listens on %s", way, *target, name, c.Listen)
	}
	if d := *caddy.Environment["FOULE_DASHBOARD"]; d != "dashboard:8081" && d != "collector"+c.DashboardListen {
		t.Errorf("%s: Caddy asks %s for the dashboard", way, d)
	}
}

// TestComposeOrder: nothing starts before what it needs.
func TestComposeOrder(t *testing.T) {
	p, err := project(t, hostNames, "compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, needs, condition string }{
		{"users", "clickhouse", types.ServiceConditionHealthy},
		{"migrate", "users", types.ServiceConditionCompletedSuccessfully},
		{"collector", "migrate", types.ServiceConditionCompletedSuccessfully},
		{"dashboard", "migrate", types.ServiceConditionCompletedSuccessfully},
	} {
		if got := p.Services[row.name].DependsOn[row.needs].Condition; got != row.condition {
			t.Errorf("%s waits for %s: %q, want %q", row.name, row.needs, got, row.condition)
		}
	}
	if s := p.Services["users"]; s.NetworkMode != "service:clickhouse" {
		t.Errorf("users comes from elsewhere than loopback: %s", s.NetworkMode)
	}
}

// TestComposeAsks: without host names nothing starts, and the error says what to do.
func TestComposeAsks(t *testing.T) {
	for _, file := range []string{"compose.yaml", "compose.embedded.yaml"} {
		if _, err := project(t, "FOULE_DASHBOARD_HOST=board.example.org", file); err == nil || !strings.Contains(err.Error(), "FOULE_TRACKING_HOST") || !strings.Contains(err.Error(), "stats.example.org") {
			t.Errorf("%s without a tracking host: %v", file, err)
		}
	}
}
