package archtest

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "foule.eu/foule"

// pkg is what `go list` says of one of the house's packages.
type pkg struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports         []string // of the package itself, not of its tests
}

// house lists all packages of the module.
func house(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 15 {
		t.Fatalf("only %d packages: is the list right?", len(all))
	}
	return all
}

// short gives a package's path within the house, "." for the root; ok is false for others' packages.
func short(path string) (string, bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

func within(path string, trees ...string) bool {
	return slices.ContainsFunc(trees, func(tree string) bool { return path == tree || strings.HasPrefix(path, tree+"/") })
}

// rule forbids packages of from, but for those of except, to import those of to.
type rule struct {
	from, except, to []string
	why              string
}

var rules = []rule{
	{from: []string{"."}, to: []string{"."}, why: "the vocabulary imports nothing of the house (and see TestStandardLibraryOnly)"},
	{from: []string{"."}, except: []string{"ingest", "cmd/collector", "anonymize"}, to: []string{"anonymize"}, why: "who cannot name a Hit cannot leak one (I1)"},
	{from: []string{"privacy"}, to: []string{"anonymize", "ingest", "aggregate", "storage", "report", "web", "net/http", "time", "os"}, why: "promises are a table and pure functions, asked at both ends"},
	{from: []string{"report", "web", "storage"}, to: []string{"ingest", "anonymize", "aggregate"}, why: "the reading side never meets a hit"},
	{from: []string{"ingest/journal"}, to: []string{".", "anonymize", "aggregate", "storage"}, why: "the journal frames bytes and knows no Event"},
	{from: []string{"aggregate"}, to: []string{"net/http", "time", "math/rand", "math/rand/v2", "database/sql", "os", "ingest", "anonymize"}, why: "aggregation is a pure function: no HTTP, SQL, clock, chance or files (I6)"},
	{from: []string{"storage"}, to: []string{"net/http", "ingest", "report", "web"}, why: "storage knows batches and queries, not HTTP"},
	{from: []string{"anonymize"}, to: []string{"net/http", "storage", "report", "web", "ingest", "aggregate"}, why: "anonymize looks down only"},
	{from: []string{"report"}, to: []string{"web", "net/http"}, why: "arrows point down"},
	{from: []string{"."}, except: []string{"cmd", "internal/app"}, to: []string{"cmd", "internal/app"}, why: "wiring is imported by nothing"},
	{from: []string{"ingest"}, to: []string{"report", "web", "database/sql"}, why: "ingest decodes and journals and knows nothing of SQL or pages"},
	{from: []string{"web"}, to: []string{"storage/sqlite", "storage/clickhouse", "database/sql"}, why: "pages ask report and settings, never an engine"},
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range house(t) {
		from, _ := short(p.ImportPath)
		for _, r := range rules {
			if !covers(r, from) {
				continue
			}
			for _, imp := range p.Imports {
				to, ours := short(imp)
				if !ours {
					to = imp
				}
				if forbidden(r, to, ours) {
					t.Errorf("%s imports %s: %s", from, to, r.why)
				}
			}
		}
	}
}

func covers(r rule, from string) bool {
	if within(from, r.except...) {
		return false
	}
	return from == "." && slices.Contains(r.from, ".") && len(r.except) == 0 ||
		len(r.except) > 0 && slices.Contains(r.from, ".") || within(from, r.from...)
}

func forbidden(r rule, to string, ours bool) bool {
	if ours && to == "." {
		return slices.Contains(r.to, ".")
	}
	return within(to, r.to...)
}

// TestStandardLibraryOnly: the vocabulary does no I/O and needs nobody.
func TestStandardLibraryOnly(t *testing.T) {
	for _, p := range house(t) {
		if p.ImportPath != module {
			continue
		}
		for _, imp := range p.Imports {
			if strings.Contains(strings.Split(imp, "/")[0], ".") || within(imp, "os", "net", "database") {
				t.Errorf("the root package imports %s", imp)
			}
		}
	}
}

// TestOnePackageComment: every package says once where it stands.
func TestOnePackageComment(t *testing.T) {
	for _, p := range house(t) {
		var with []string
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if says(f) {
				with = append(with, name)
			}
		}
		if len(with) != 1 && len(p.GoFiles) > 0 {
			t.Errorf("%s has %d package comments %v, want one", p.ImportPath, len(with), with)
		}
	}
}

func says(f *ast.File) bool {
	if f.Doc == nil {
		return false
	}
	for _, line := range strings.Split(f.Doc.Text(), "\n") {
		if line != "" && !strings.HasPrefix(line, "go:") {
			return true
		}
	}
	return false
}
