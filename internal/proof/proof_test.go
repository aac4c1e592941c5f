package proof

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foule.eu/foule/internal/canary"
)

// sample is a report with something of everything.
func sample() *Report {
	r := &Report{
		Format: Format, Version: "v1", Time: time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC), Seconds: 4.25, Store: "SQLite",
		Configuration: Configuration{SHA256: "ab", Privacy: []Setting{{"ipv4-bits", "24"}}, Changed: []string{"data", "listen"}},
		Sites:         Sites{SHA256: "cd", All: 3, Tried: []int{1, 4}}, Requests: Requests{Sent: 100, Unexpected: 2},
		Counted: []Label{{"title", 1, true}, {"path", 1, false}}, Chosen: []Label{{"queryemail", 1, true}, {"fragment", 1, false}},
	}
	for _, k := range kinds {
		r.Planted(string(k))
	}
	for _, place := range places {
		r.Looked(place, 1_500_000)
		r.Looked(place, 10)
	}
	for _, blind := range []string{"memory", "blocks", "proxy", "keys", "peers", "server", "sites", "pages"} {
		r.NotSearched = append(r.NotSearched, Blind{Name: blind, How: []string{"grep -r word /var/log"}})
	}
	for range 3 {
		r.Found(Finding{Kind: string(canary.Agent), Name: "HeaderUa", Site: 1, Form: "plain", Place: "store", Where: "foule.db", Offset: 12})
	}
	r.Judge()
	return r
}

var (
	kinds = []canary.Kind{
		canary.Address, canary.Prefix, canary.Agent, canary.Hint, canary.Language, canary.Visitor, canary.User, canary.Order, canary.Person, canary.Token, canary.Cookie,
		canary.Header, canary.Referrer, canary.Query, canary.Fragment, canary.UserInfo, canary.Parameter, canary.Place, canary.LeftOut, canary.Malformed, canary.Counted, canary.Key,
	}
	places = []string{"store", "tables", "journal", "snapshot", "sites", "file", "name", "access-log", "log", "metrics", "answer", "dashboard"}
)

func key(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	k, err := Key(filepath.Join(t.TempDir(), KeyName))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestVerify: a report is valid as it was signed, and in no other way.
func TestVerify(t *testing.T) {
	k := key(t)
	file, err := Sign(sample(), k)
	if err != nil {
		t.Fatal(err)
	}
	r, by, err := Verify(file)
	if err != nil || !by.Equal(k.Public()) || r.Verdict != Leak || r.Findings[0].Times != 3 || r.Searched[0].Contents != 2 {
		t.Fatalf("what was signed: %v, %+v", err, r)
	}
	if _, _, err := Verify(append(bytes.Clone(file), '\n')); err != nil {
		t.Errorf("a line end too many: %v", err)
	}
	foreign, err := Sign(sample(), key(t))
	if err != nil {
		t.Fatal(err)
	}
	swap := func(old, new string) []byte {
		changed := bytes.Replace(file, []byte(old), []byte(new), 1)
		if bytes.Equal(changed, file) {
			t.Fatalf("there is no %q in the report", old)
		}
		return changed
	}
	for name, content := range map[string][]byte{
		"another verdict":        swap(`"verdict": "leak"`, `"verdict": "clean"`),
		"a finding less":         swap(`"times": 3`, `"times": 1`),
		"another date":           swap("2026-11-29T10", "2026-11-30T10"),
		"a verdict before it":    swap(`"verdict": "leak"`, `"verdict": "clean", "verdict": "leak"`),
		"a verdict of its own":   swap(`"report": {`, `"verdict": "clean", "report": {`),
		"a report before it":     swap(`"report": {`, `"report": {"verdict": "clean"}, "report": {`),
		"names in another case":  swap(`"verdict"`, `"Verdict"`),
		"something after it":     append(bytes.Clone(file), "{}"...),
		"somebody else's key":    foreign[:bytes.Index(foreign, []byte(`"signature"`))],
		"nothing":                nil,
		"no report":              []byte("{}"),
		"another's signature":    bytes.Replace(file, signatureOf(file), signatureOf(foreign), 1),
		"the key alone replaced": bytes.Replace(file, keyOf(file), keyOf(foreign), 1),
	} {
		if _, _, err := Verify(content); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v, want ErrSignature", name, err)
		}
	}
}

func signatureOf(file []byte) []byte { return file[bytes.Index(file, []byte(`"signature"`)):] }
func keyOf(file []byte) []byte {
	return file[bytes.Index(file, []byte(`"key"`)):bytes.Index(file, []byte(`"signature"`))]
}

// TestKey: the key is made once, for its owner alone, and refused if others can read it.
func TestKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), KeyName)
	first, err := Key(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v; want mode 600", info, err)
	}
	if again, err := Key(path); err != nil || !again.Equal(first) {
		t.Errorf("another key the second time, %v", err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Key(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others can read: %v", err)
	}
	if err := os.WriteFile(path, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Key(path); err == nil || strings.Contains(err.Error(), "no key\n") {
		t.Errorf("a file that holds none: %v", err)
	}
	if _, err := Key(filepath.Join(t.TempDir(), "none", KeyName)); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

func TestJudge(t *testing.T) {
	found, missing := Label{"title", 1, true}, Label{"path", 1, false}
	for _, row := range []struct {
		name string
		r    Report
		want string
	}{
		{"all is well", Report{Counted: []Label{found}}, Clean},
		{"nothing was planted to be found", Report{}, Void},
		{"a label is missing", Report{Counted: []Label{found, missing}}, Void},
		{"a leak", Report{Counted: []Label{found}, Findings: []Finding{{}}}, Leak},
		{"a leak, and a label is missing", Report{Counted: []Label{missing}, Findings: []Finding{{}}}, Leak},
	} {
		if row.r.Judge(); row.r.Verdict != row.want {
			t.Errorf("%s: %s, want %s", row.name, row.r.Verdict, row.want)
		}
	}
}

// TestText: everything in a report can be read in both languages.
func TestText(t *testing.T) {
	k := key(t).Public().(ed25519.PublicKey)
	for _, language := range Languages {
		text, err := Text(sample(), k, language)
		if err != nil {
			t.Errorf("%s: %v", language, err)
			continue
		}
		for _, want := range []string{"HeaderUa", "`path`", "queryemail", "foule.db", "2026-11-29 10:00:00 UTC", Fingerprint(k), "grep -r word", "`ipv4-bits`: `24`", "data, listen"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", language, want, text)
			}
		}
		if strings.Contains(text, "%!") || strings.Contains(text, "<no value>") {
			t.Errorf("%s has a hole:\n%s", language, text)
		}
	}
	if text, _ := Text(sample(), k, "fr"); !strings.Contains(text, "4,2 s") || !strings.Contains(text, "| 1,50 |") {
		t.Errorf("numbers in French:\n%s", text)
	}
	if _, err := Text(sample(), k, "de"); err == nil {
		t.Error("a language there is not: no error")
	}
	english, err := locale("en")
	if err != nil {
		t.Fatal(err)
	}
	french, err := locale("fr")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range english {
		if strings.Count(text, "%") != strings.Count(french[name], "%") {
			t.Errorf("%s: %q and %q", name, text, french[name])
		}
	}
	if len(english) != len(french) {
		t.Errorf("%d texts in English, %d in French", len(english), len(french))
	}
}
