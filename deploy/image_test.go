package deploy

import (
	"debug/elf"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/config"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/sqlite"
)

// user is the image's user and group.
const user = 65532

// TestStatic: both programs need no loader and no library, so that an image can
// hold them alone; and they know the version that the build was told.
func TestStatic(t *testing.T) {
	for _, name := range []string{"collector", "dashboard"} {
		f, err := elf.Open(filepath.Join(built(t), name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, p := range f.Progs {
			if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
				t.Errorf("%s has a %s segment: it is not static", name, p.Type)
			}
		}
		if libs, err := f.ImportedLibraries(); err != nil || len(libs) > 0 {
			t.Errorf("%s wants the libraries %v, %v", name, libs, err)
		}
		if f.Section(".symtab") != nil || f.Section(".debug_info") != nil {
			t.Errorf("%s is not stripped", name)
		}
	}
	out, err := exec.Command(filepath.Join(built(t), "collector"), "version").Output()
	if err != nil || strings.TrimSpace(string(out)) != buildVersion {
		t.Errorf("version %q, %v; want %q", out, err, buildVersion)
	}
}

// TestDockerfile: what the image promises.
func TestDockerfile(t *testing.T) {
	all := dockerfile(t)
	last := func(name string) string {
		rest := find(all, "", name)
		if len(rest) == 0 {
			return ""
		}
		return rest[len(rest)-1]
	}
	if froms := find(all, "", "FROM"); !slices.Equal(froms, []string{"scratch"}) {
		t.Errorf("the image is made from %v", froms)
	}
	if want := fmt.Sprintf("%d:%d", user, user); last("USER") != want {
		t.Errorf("user %s, want %s", last("USER"), want)
	}
	for _, stage := range []string{"geo", "build"} {
		for _, from := range find(all, stage, "FROM") {
			image := strings.Fields(from)[1]
			if _, tag, ok := strings.Cut(image, ":"); !ok || tag == "latest" {
				t.Errorf("%s is not pinned by a tag", image)
			}
		}
	}
	for _, name := range []string{"ADD", "ARG", "ENV", "SHELL"} {
		for _, rest := range find(all, "", name) {
			if name == "ADD" || name == "SHELL" || strings.Contains(strings.ToLower(rest), "password") {
				t.Errorf("%s %s in the image", name, rest)
			}
		}
	}
	if !strings.Contains(last("LABEL"), "org.opencontainers.image.licenses=\"Apache-2.0\"") {
		t.Errorf("labels: %s", last("LABEL"))
	}
	known := settings()
	for name := range environment(t, all) {
		if !known[name] {
			t.Errorf("ENV %s is no setting", name)
		}
	}
}

// TestContext: nothing gets into the build that does not belong there.
func TestContext(t *testing.T) {
	ignored := ignores(t)
	for _, path := range []string{
		".git/config", "data/foule.db", "data-demo/foule.db", "deploy/secrets/collector.password", "deploy/.env", ".env", "bin/collector", ".cache/geo/country.mmdb",
		"test/node_modules/x/index.js", "anonymize/device/oracle/node_modules/x/index.js", "web/dashboard/page_test.go", "docs/deploy.md", "x.db",
	} {
		if !ignored(path) {
			t.Errorf("%s would get into the build's context", path)
		}
	}
	for _, path := range []string{"go.mod", "doc.go", "cmd/collector/main.go", "web/dashboard/assets/app.css", "deploy/geo/package-lock.json", "NOTICE"} {
		if ignored(path) {
			t.Errorf("%s would be missing from the build", path)
		}
	}
}

// settings are the environment variables that the programs know.
func settings() map[string]bool {
	known := map[string]bool{"FOULE_CONFIG": true}
	for i := range config.Settings {
		known[config.Settings[i].Env()] = true
	}
	return known
}

// environment gives the image's ENV.
func environment(t *testing.T, all []instruction) map[string]string {
	t.Helper()
	env := map[string]string{}
	for _, rest := range find(all, "", "ENV") {
		for _, pair := range strings.Fields(rest) {
			name, value, ok := strings.Cut(pair, "=")
			if !ok {
				t.Errorf("ENV %s", rest)
			}
			env[name] = value
		}
	}
	return env
}

// TestImage lays the image's files out as its COPY lines say and starts its
// entrypoint as a container engine would: as its user, without capabilities or
// a way to get any, on a read-only root, with a writable /data and nothing else.
// It takes a hit, knows its country, is found healthy by its own check, and ends
// in order.
func TestImage(t *testing.T) {
	if os.Getuid() != 0 {
		missing(t, "only root can start a program on a read-only root as another user")
	}
	all := dockerfile(t)
	root := layOut(t, all)
	data := t.TempDir()
	chown(t, data)
	port := freePort(t)
	env := []string{"FOULE_TRUSTED_PROXIES=127.0.0.1", "FOULE_FLUSH_INTERVAL=100ms"}
	for name, value := range environment(t, all) {
		env = append(env, name+"="+value)
	}
	env = append(env, "FOULE_LISTEN=127.0.0.1:"+port, "FOULE_DASHBOARD_LISTEN=off") // the later one holds
	entrypoint, healthcheck := words(t, find(all, "", "ENTRYPOINT")[0]), find(all, "", "HEALTHCHECK")[0]
	check := words(t, healthcheck[strings.Index(healthcheck, "["):])
	p := start(t, inside(t, root, data, env, append(entrypoint, words(t, find(all, "", "CMD")[0])...)...))
	healthy := func() bool {
		out, err := inside(t, root, data, env, check...).Output()
		if err == nil && strings.TrimSpace(string(out)) != "ok" {
			t.Errorf("the health check says %q", out)
		}
		return err == nil
	}
	eventually(t, "the health check passes", healthy)
	elsewhere := inside(t, root, data, env, append(entrypoint, "site", "list", "--data", "/usr/share/foule")...)
	if out, err := elsewhere.CombinedOutput(); err == nil || !strings.Contains(string(out), "read-only") && !strings.Contains(string(out), "readonly") && !strings.Contains(string(out), "unable to open") {
		t.Errorf("it can write outside of /data: %v, %s", err, out)
	}
	req, err := http.NewRequest("GET", "http://127.0.0.1:"+port+"/matomo.php?idsite=1&rec=1&send_image=0&url=https://shop.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("X-Forwarded-For", "90.3.20.1") // a French network
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Fatalf("a hit: %v, %v", res, err)
	}
	res.Body.Close()
	if err := p.end(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if healthy() {
		t.Error("the health check passes although nothing serves")
	}
	ownedByUser(t, data)
	if got := labels(t, data, foule.DimCountry); !slices.Equal(got, []string{"FR"}) {
		t.Errorf("countries %v, want [FR]", got)
	}
}

// words reads the exec form of an instruction: no shell is in the image.
func words(t *testing.T, form string) (list []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(form), &list); err != nil {
		t.Fatalf("%s is not in exec form: %v", form, err)
	}
	return list
}

// layOut makes the image's file system from its COPY lines.
func layOut(t *testing.T, all []instruction) (root string) {
	t.Helper()
	root = filepath.Join(t.TempDir(), "root")
	for _, rest := range find(all, "", "COPY") {
		from, owned := "", false
		var paths []string
		for _, w := range strings.Fields(rest) {
			switch {
			case strings.HasPrefix(w, "--from="):
				from = strings.TrimPrefix(w, "--from=")
			case strings.HasPrefix(w, "--chown="):
				owned = true
			default:
				paths = append(paths, w)
			}
		}
		target := paths[len(paths)-1]
		for _, source := range paths[:len(paths)-1] {
			at := filepath.Join(root, target)
			if strings.HasSuffix(target, "/") {
				at = filepath.Join(at, filepath.Base(source))
			}
			copyTree(t, original(t, from, source), at)
			if owned {
				chown(t, at)
			}
		}
	}
	for _, dir := range []string{"proc", "dev"} { // every engine mounts them
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// original gives this machine's counterpart of a file of a stage.
func original(t *testing.T, stage, path string) string {
	t.Helper()
	switch {
	case stage == "build" && strings.HasPrefix(path, "/out/"):
		return filepath.Join(built(t), strings.TrimPrefix(path, "/out/"))
	case stage == "geo":
		path = filepath.Join("geo", strings.TrimPrefix(path, "/geo/"))
	case stage == "":
		path = filepath.Join("..", path)
	}
	if _, err := os.Stat(path); err != nil {
		missing(t, err.Error()+": make setup fetches what the tests need")
	}
	return path
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if info.IsDir() {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(to, info.Mode()); err != nil {
			t.Fatal(err)
		}
		return
	}
	write(t, to, read(t, from))
	if err := os.Chmod(to, info.Mode()); err != nil {
		t.Fatal(err)
	}
}

func chown(t *testing.T, path string) {
	t.Helper()
	if err := os.Chown(path, user, user); err != nil {
		t.Fatal(err)
	}
}

// inside gives a command that runs in the image: mount and process
// namespaces of its own, a root that cannot be written to, the image's user, an
// empty capability bounding set, no new privileges.
func inside(t *testing.T, root, data string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	const script = `mount --bind "$1" "$1"
mount --bind "$2" "$1/data"
mount -t proc proc "$1/proc"
mount -o remount,ro,bind "$1"
root=$1; shift 2
exec setpriv --no-new-privs --bounding-set=-all,+sys_chroot,+setuid,+setgid chroot --userspec=65532:65532 --groups=65532 "$root" "$@"`
	cmd := exec.Command("unshare", append([]string{"--mount", "--ipc", "--uts", "sh", "-ec", script, "sh", root, data}, args...)...)
	cmd.Env = append(env, "PATH="+os.Getenv("PATH"))
	return cmd
}

// ownedByUser checks that everything in a folder is the image's user's and closed to others.
func ownedByUser(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if stat := info.Sys().(*syscall.Stat_t); stat.Uid != user || stat.Gid != user {
			t.Errorf("%s belongs to %d:%d", path, stat.Uid, stat.Gid)
		}
		files++
		return nil
	})
	if err != nil || files < 3 {
		t.Errorf("%d files in the data folder, %v", files, err)
	}
}

// labels reads the last days' labels of a dimension from the embedded store.
func labels(t *testing.T, data string, d foule.Dimension) (list []string) {
	t.Helper()
	s, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	today := foule.DayOf(time.Now(), time.UTC)
	result, err := s.Table(t.Context(), storage.TableQuery{Site: 1, From: today - 1, To: today + 1, Dim: d})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range result.Rows {
		list = append(list, row.Label)
	}
	return list
}
