package process

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/internal/clickhousetest"
	"foule.eu/foule/internal/proof"
	"foule.eu/foule/storage"
	"foule.eu/foule/storage/clickhouse"
	"foule.eu/foule/storage/sqlite"
)

// quick is how long a proof may take where other tests run beside it: twice what
// it may on a machine that rests.
const quick = time.Minute

// proving is a proof of an operator's installation.
type proving struct {
	data, temp string // the operator's data folder, and the one for what is thrown away
	status     int
	out, errs  string
	took       time.Duration
	report     *proof.Report // nil if there is none
}

// prove runs a binary's proof over an operator's data folder.
func prove(t *testing.T, bin, data string, flags ...string) *proving {
	t.Helper()
	p := &proving{data: data, temp: t.TempDir()}
	file := filepath.Join(t.TempDir(), "report.json")
	began := time.Now()
	p.status, p.out, p.errs = p.run(t, bin, append([]string{"prove", "--data", data, "--lang", "en", "--json", file}, flags...)...)
	p.took = time.Since(began)
	left, err := os.ReadDir(p.temp)
	if err != nil || len(left) > 0 {
		t.Errorf("the proof left %v behind (%v)", left, err)
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return p
	}
	if err != nil {
		t.Fatal(err)
	}
	if p.report, _, err = proof.Verify(content); err != nil {
		t.Fatal(err)
	}
	status, _, errs := p.run(t, bin, "prove", "--data", data, "--verify", file)
	if status != p.status || !strings.Contains(errs, "by this installation's key") {
		t.Errorf("verified with status %d, %s", status, errs)
	}
	tampered := filepath.Join(t.TempDir(), "tampered.json")
	if err := os.WriteFile(tampered, bytes.Replace(content, []byte(`"sent"`), []byte(`"lent"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := p.run(t, bin, "prove", "--data", data, "--verify", tampered); status != 1 || !strings.Contains(errs, "not as it was signed") {
		t.Errorf("a report that was changed is verified with status %d, %s", status, errs)
	}
	other := base64.StdEncoding.EncodeToString(make([]byte, 32))
	if status, _, errs := p.run(t, bin, "prove", "--data", data, "--verify", file, "--key", other); status != 1 || !strings.Contains(errs, "not the one that is trusted") {
		t.Errorf("a report of another key than that which is trusted: status %d, %s", status, errs)
	}
	return p
}

func (p *proving) run(t *testing.T, bin string, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	cmd := exec.Command(bin, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC", "TMPDIR=" + p.temp}
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// clean says what is wrong with a proof that should find nothing.
func (p *proving) clean(t *testing.T) {
	t.Helper()
	if p.status != 0 || p.report == nil || p.report.Verdict != proof.Clean {
		t.Fatalf("status %d\n%s%s", p.status, p.out, p.errs)
	}
	if p.took > quick {
		t.Errorf("it took %s", p.took)
	}
	if p.report.Requests.Unexpected > 0 || p.report.Requests.Sent < 400 || len(p.report.Missing()) > 0 {
		t.Errorf("requests %+v, missing %v\n%s", p.report.Requests, p.report.Missing(), p.errs)
	}
	if !strings.Contains(p.out, "Nothing was found") {
		t.Errorf("the report says\n%s", p.out)
	}
}

// searched says whether places were searched, and something stood there.
func (p *proving) searched(t *testing.T, places ...string) {
	t.Helper()
	for _, want := range places {
		if !slices.ContainsFunc(p.report.Searched, func(s proof.Place) bool { return s.Name == want && s.Bytes > 0 }) {
			t.Errorf("%s was not searched: %+v", want, p.report.Searched)
		}
	}
}

// leaks says whether the leaky program's two faults were found, in the places
// of a user agent among others.
func (p *proving) leaks(t *testing.T, places ...string) {
	t.Helper()
	if p.status != 1 || p.report == nil || p.report.Verdict != proof.Leak || !strings.Contains(p.errs, "SOMETHING IS KEPT THAT MAY NOT BE KEPT") || !strings.Contains(p.out, "SOMETHING WAS FOUND") {
		t.Fatalf("status %d\n%s%s", p.status, p.out, p.errs)
	}
	found := map[string]bool{}
	for _, f := range p.report.Findings {
		found[f.Kind+" "+f.Name+" in "+f.Place] = true
	}
	want := []string{"address connection-0 in log", "address cip in log", "address forwarded-for-1 in log"}
	for _, place := range append(places, "journal", "snapshot") {
		want = append(want, "user-agent UaParam in "+place)
	}
	for _, w := range want {
		if !found[w] {
			t.Errorf("%q is not found, but %v", w, found)
		}
	}
}

// leaky builds the program that keeps what it may not.
func leaky(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "leaky")
	if out, err := exec.Command("go", "build", "-tags", "leaky", "-o", bin, "foule.eu/foule/cmd/collector").CombinedOutput(); err != nil {
		t.Fatalf("build a leaky collector: %v\n%s", err, out)
	}
	return bin
}

// choosy is a site that keeps what others do not.
var choosy = foule.Site{
	Name: "Choosy", Hosts: []string{"www.choosy.example"}, Timezone: "Europe/Paris", KeepQuery: []string{"email", "page", "gclid"}, KeepFragment: true, IgnoreDNT: true,
	SearchParams: []string{"find"}, ExcludedIPs: []string{"127.0.0.0/8"}, Dimensions: []foule.CustomDimension{{ID: 3, Name: "Plan", Scope: foule.ScopeVisit}},
}

// operate makes an operator's store with a few sites, and gives what the data
// folder holds.
func operate(t *testing.T, data string) {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(data, "foule.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, store storage.Settings) {
	t.Helper()
	for _, s := range []foule.Site{{Name: "One"}, choosy, {Name: "Like one"}} {
		if _, err := store.AddSite(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// TestProve: a proof of an installation on the embedded store, with settings and
// sites of its own, finds nothing but what a site keeps on purpose, and leaves
// the installation as it was.
func TestProve(t *testing.T) {
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	operate(t, data)
	before := sums(t, data)
	p := prove(t, bin, data, "--k", "2", "--ipv4-bits", "16", "--excluded-ips", "10.0.0.0/8,127.0.0.1", "--client-ip-header", "X-Real-IP", "--trusted-proxies", "10.0.0.1")
	p.clean(t)
	p.searched(t, "store", "journal", "snapshot", "sites", "log", "access-log", "metrics", "answer", "dashboard", "name")
	if got := p.report.Sites; got.All != 3 || !slices.Equal(got.Tried, []int{1, 2, 4}) {
		t.Errorf("sites %+v, want 1 and 2 of three tried, and a plain one", got)
	}
	chosen := map[string]bool{}
	for _, l := range p.report.Chosen {
		chosen[l.Name] = chosen[l.Name] || l.Found
		if l.Site != 2 {
			t.Errorf("site %d keeps %s on purpose", l.Site, l.Name)
		}
	}
	for _, want := range []string{"queryemail", "querypage", "fragment"} {
		if !chosen[want] {
			t.Errorf("%s, which a site keeps, is not said to be kept: %v", want, p.report.Chosen)
		}
	}
	if slices.ContainsFunc(p.report.NotSearched, func(b proof.Blind) bool { return b.Name == "keys" || b.Name == "peers" }) {
		t.Errorf("not searched: %+v", p.report.NotSearched)
	}
	after := sums(t, data)
	if _, made := after[filepath.Join(data, proof.KeyName)]; !made {
		t.Error("there is no signing key in the data folder")
	}
	delete(after, filepath.Join(data, proof.KeyName))
	if len(after) != len(before) {
		t.Errorf("the data folder held %d files and holds %d", len(before), len(after))
	}
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("%s was changed", name)
		}
	}
}

func sums(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	all := map[string][32]byte{}
	for name, content := range files(t, dir) {
		all[name] = sha256.Sum256(content)
	}
	return all
}

// TestProveFinds: a program that keeps user agents and logs addresses is found out.
func TestProveFinds(t *testing.T) {
	data := t.TempDir()
	operate(t, data)
	prove(t, leaky(t), data).leaks(t, "store", "dashboard")
}

// TestProveNothing: a proof that counts nothing is not called one.
func TestProveNothing(t *testing.T) {
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	p := prove(t, bin, t.TempDir(), "--excluded-agents", "Firefox")
	if p.status != 1 || p.report == nil || p.report.Verdict != proof.Void || !strings.Contains(p.errs, "it proves nothing") {
		t.Errorf("status %d\n%s%s", p.status, p.out, p.errs)
	}
}

// TestProveOnClickHouse: the same beside an installation on a server, whose
// tables are read whole and whose database is left alone.
func TestProveOnClickHouse(t *testing.T) {
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	e := clickhousetest.Start(t, clickhousetest.ChDB)
	data, address := t.TempDir(), e.Database(t)
	store, err := clickhouse.Open(clickhouse.Options{DSN: address})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(t.Context(), func(clickhouse.Step) {}); err != nil {
		t.Fatal(err)
	}
	fill(t, store)
	p := prove(t, bin, data, "--store", address)
	p.clean(t)
	p.searched(t, "tables", "journal", "snapshot", "sites", "log", "access-log", "metrics", "answer", "dashboard")
	if !strings.Contains(p.out, "system.query_log") || strings.Contains(p.out+p.errs, clickhousetest.Password+"@") {
		t.Errorf("the report says\n%s%s", p.out, p.errs)
	}
	prove(t, leaky(t), data, "--store", address).leaks(t, "tables")

	conn := clickhousetest.Connect(t, e.DSN)
	defer conn.Close()
	var databases uint64
	if err := conn.QueryRow(t.Context(), "select count() from system.databases where name like 'foule_prove%'").Scan(&databases); err != nil || databases > 0 {
		t.Errorf("%d databases are left behind, %v", databases, err)
	}
	if sites, err := store.Sites(t.Context()); err != nil || len(sites) != 3 {
		t.Errorf("the operator's store has %d sites, %v", len(sites), err)
	}
}
