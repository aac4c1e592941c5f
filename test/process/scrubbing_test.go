package process

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// TestTriedIsForgotten: what is pasted to try the scrubbing stands in no file and
// no line of output, while the collector runs and afterwards.
func TestTriedIsForgotten(t *testing.T) {
	const marker = "zanzibar7741"
	data := t.TempDir()
	c := start(t, data, "--dashboard-listen", "127.0.0.1:0", "--log-level", "debug", "--access-log", filepath.Join(data, noted))
	c.wait(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	post := func(path string, form url.Values) string {
		res, err := browser.PostForm(c.ready.Dashboard+path, form)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("POST %s: status %d, %v", path, res.StatusCode, err)
		}
		return string(body)
	}
	setup, err := url.Parse(c.ready.Setup)
	if err != nil {
		t.Fatal(err)
	}
	post("/setup", url.Values{"t": {setup.Query().Get("t")}, "email": {"admin@example.org"}, "password": {"a password for tests only"}})
	for _, sample := range []string{"page", "text", "search", "link", "referrer"} {
		answer := post("/sites/1/scrubbing", url.Values{
			"sample": {sample}, "rules": {"KD-\\d+|rule-" + marker},
			"texts": {"https://example.org/" + marker + "/bob@example.org?q=" + marker + "@example.org\n" + marker + " KD-77"},
		})
		if !strings.Contains(answer, "[email]</mark>") {
			t.Errorf("%s: no address was replaced, so the search proves nothing", sample)
		}
	}
	look := func() {
		contents := files(t, data)
		contents["standard output"], contents["standard error"] = c.out.Bytes(), c.log.Bytes()
		for name, content := range contents {
			if bytes.Contains(content, []byte(marker)) {
				t.Errorf("%s holds what was only tried", name)
			}
		}
	}
	look()
	c.stop(t)
	look()
}
