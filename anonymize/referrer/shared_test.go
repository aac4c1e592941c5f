package referrer

import (
	"bufio"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"foule.eu/foule"

	"gopkg.in/yaml.v3"
)

// shared opens a file of the reference data beside the repository.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("FOULE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(dir, "data", name))
	if err != nil {
		t.Skipf("no reference data: %v", err)
	}
	return b
}

// refs gives URLs that a visitor coming from a host pattern of the reference
// lists would send; "{}" stands for a country.
func refs(pattern string) []string {
	if app, ok := strings.CutPrefix(pattern, "android-app//"); ok {
		return []string{"android-app://" + app}
	}
	if strings.HasSuffix(pattern, ".{}") || strings.Contains(pattern, ".{}/") {
		var all []string
		for _, ending := range []string{"com", "de", "fr", "co.uk", "com.br", "co.jp", "ru", "com.tr"} {
			all = append(all, "https://"+strings.Replace(pattern, "{}", ending, 1))
		}
		return all
	}
	if strings.Contains(pattern, "{}") {
		return []string{"https://" + strings.Replace(pattern, "{}", "fr", 1), "https://" + strings.Replace(pattern, "{}", "uk", 1)}
	}
	return []string{"https://" + pattern}
}

func TestSharedNetworks(t *testing.T) {
	for _, f := range []struct {
		file    string
		channel foule.Channel
	}{
		{"AIAssistants.yml", foule.ChannelAI},
		{"Socials.yml", foule.ChannelSocial},
	} {
		var list map[string][]string
		if err := yaml.Unmarshal(shared(t, f.file), &list); err != nil {
			t.Fatal(err)
		}
		n := 0
		for name, hosts := range list {
			for _, host := range hosts {
				for _, ref := range []string{"https://" + host, "https://" + host + "/", "http://www." + host + "/some/page?x=1", "https://out." + host + "/", "android-app://" + host} {
					n++
					if v := Classify(ref); v.Channel != f.channel || v.Source != name {
						t.Errorf("%s: Classify(%q) = %s %q, want %s %q", f.file, ref, v.Channel, v.Source, f.channel, name)
					}
				}
			}
		}
		t.Logf("%s: %d referrers", f.file, n)
	}
}

// TestSharedSearchEngines asks for each host with its keyword parameter, and
// for the bare host too, unless it is one of the portals that are only a search
// engine when they were searched.
func TestSharedSearchEngines(t *testing.T) {
	var list map[string][]struct {
		URLs   []string `yaml:"urls"`
		Params []string `yaml:"params"`
	}
	if err := yaml.Unmarshal(shared(t, "SearchEngines.yml"), &list); err != nil {
		t.Fatal(err)
	}
	hosts, portals := 0, 0
	for name, groups := range list {
		for _, g := range groups {
			query := ""
			for _, p := range g.Params {
				if !strings.Contains(p, "/") && strings.TrimSpace(p) != "" {
					query = "?" + p + "=Some+Words"
					break
				}
			}
			for _, pattern := range g.URLs {
				hosts++
				for _, ref := range refs(pattern) {
					want := Verdict{Channel: foule.ChannelSearch, Source: name}
					if isAssistant(name) { // as in Matomo: assistants go first
						want = Verdict{Channel: foule.ChannelAI, Source: name}
					} else if query != "" {
						want.Keyword = "some words"
					}
					if v := Classify(ref + query); v != want {
						t.Errorf("Classify(%q) = %+v, want %+v", ref+query, v, want)
					}
					v := Classify(ref)
					if isPortal(ref) {
						portals++
						if v.Channel == foule.ChannelSearch {
							t.Errorf("Classify(%q) = %+v, want no search engine without a search", ref, v)
						}
					} else if v.Channel != want.Channel || v.Source != name {
						t.Errorf("Classify(%q) = %+v, want %s %q", ref, v, want.Channel, name)
					}
				}
			}
		}
	}
	t.Logf("%d host patterns, %d of them portals", hosts, portals)
}

func isAssistant(name string) bool {
	return name == "ChatGPT" || name == "Perplexity" || name == "You"
}

func isPortal(ref string) bool {
	u, err := url.Parse(ref)
	if err != nil {
		return false
	}
	for _, r := range sources.hosts[strings.TrimPrefix(u.Host, "www.")] {
		if r.keyed {
			return true
		}
	}
	return false
}

func TestSharedSpam(t *testing.T) {
	scan := bufio.NewScanner(strings.NewReader(string(shared(t, "spammers.txt"))))
	n := 0
	for scan.Scan() {
		host := strings.TrimSpace(scan.Text())
		if host == "" {
			continue
		}
		n++
		for _, ref := range []string{"http://" + host, "https://www." + host + "/a?b=c", "http://x.y." + host + ":8080/"} {
			if v := Classify(ref); !v.Spam {
				t.Errorf("Classify(%q) = %+v, want spam", ref, v)
			}
		}
		if v := Classify("http://not" + host + "/"); v.Spam && !isListed("not"+host) {
			t.Errorf("not%s is spam, but only %s is listed", host, host)
		}
	}
	t.Logf("%d spam hosts", n)
}

// isListed says whether the host or a domain above it is on the spam list.
func isListed(host string) bool {
	for host != "" {
		for _, r := range sources.hosts[host] {
			if r.src.spam {
				return true
			}
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return false
}
