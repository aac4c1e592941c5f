package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// instruction is a line of a Dockerfile, its continuations joined.
type instruction struct{ Stage, Name, Rest string }

var continued = regexp.MustCompile(`\\\n\s*`)

// dockerfile reads the image's Dockerfile; the final stage's name is "".
func dockerfile(t *testing.T) (all []instruction) {
	t.Helper()
	stage := ""
	for line := range strings.Lines(continued.ReplaceAllString(read(t, "Dockerfile"), "")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		if name == "FROM" {
			_, stage, _ = strings.Cut(rest, " AS ")
		}
		all = append(all, instruction{stage, name, strings.TrimSpace(rest)})
	}
	return all
}

// find gives what follows the instructions of a name in a stage.
func find(all []instruction, stage, name string) (rest []string) {
	for _, i := range all {
		if i.Stage == stage && i.Name == name {
			rest = append(rest, i.Rest)
		}
	}
	return rest
}

// once is the build, which every test shares.
var once struct {
	sync.Mutex
	done       bool
	out, fault string
}

// buildVersion is what the test's build is told.
const buildVersion = "v0.0.0-test"

// built runs the Dockerfile's build command in the context that .dockerignore
// leaves, and gives the folder of what it made.
func built(t *testing.T) string {
	t.Helper()
	once.Lock()
	defer once.Unlock()
	if !once.done {
		once.done = true
		once.out, once.fault = build(t)
	}
	if once.fault != "" {
		t.Fatal(once.fault)
	}
	return once.out
}

// scratch is where the build's results stay until the last test.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "foule-deploy-")
	if err != nil {
		panic(err)
	}
	scratch = dir
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

func build(t *testing.T) (out, fault string) {
	t.Helper()
	context := filepath.Join(scratch, "context")
	out = filepath.Join(scratch, "out")
	for _, path := range buildContext(t) {
		b, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			return "", err.Error()
		}
		write(t, filepath.Join(context, path), string(b))
	}
	for _, run := range find(dockerfile(t), "build", "RUN") {
		if run == "go mod download" {
			continue // the module cache of this machine stands in
		}
		cmd := exec.Command("sh", "-ec", strings.ReplaceAll(run, "/out", out))
		cmd.Dir = context
		cmd.Env = append(os.Environ(), "VERSION="+buildVersion)
		if b, err := cmd.CombinedOutput(); err != nil {
			return "", run + ": " + err.Error() + "\n" + string(b)
		}
	}
	return out, ""
}

// buildContext lists the repository's files that .dockerignore leaves.
func buildContext(t *testing.T) (paths []string) {
	t.Helper()
	out, err := exec.Command("git", "-C", "..", "ls-files", "--cached", "--others", "--exclude-standard", "-z").Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	ignored := ignores(t)
	for path := range strings.SplitSeq(string(out), "\x00") {
		if path == "" || ignored(path) {
			continue
		}
		if info, err := os.Stat(filepath.Join("..", path)); err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
	}
	return paths
}

// ignores gives .dockerignore as a function: the last line that matches a path
// or a folder above it decides.
func ignores(t *testing.T) func(path string) bool {
	t.Helper()
	type line struct {
		pattern *regexp.Regexp
		ignore  bool
	}
	var lines []line
	for text := range strings.Lines(read(t, "../.dockerignore")) {
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		pattern, again := strings.CutPrefix(text, "!")
		expr := regexp.QuoteMeta(pattern)
		expr = strings.ReplaceAll(expr, `\*\*/`, `(.*/)?`)
		expr = strings.ReplaceAll(expr, `\*`, `[^/]*`)
		lines = append(lines, line{regexp.MustCompile("^" + expr + "(/.*)?$"), !again})
	}
	return func(path string) bool {
		for _, l := range slices.Backward(lines) {
			if l.pattern.MatchString(path) {
				return l.ignore
			}
		}
		return false
	}
}
