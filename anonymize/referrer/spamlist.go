package referrer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// SpamList is an operator's own list of hosts that make up referrers, beside
// the one that is built in. nil is an empty list. It is immutable.
type SpamList struct{ hosts map[string]struct{} }

// maxSpamHosts bounds a list; the public ones have some thousand.
const maxSpamHosts = 200_000

// OpenSpamList reads the list in a file; without a path there is none.
func OpenSpamList(path string) (*SpamList, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := ReadSpamList(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// ReadSpamList reads one host a line; what follows "#" and empty lines are left
// out. The error names the first line that is no host.
func ReadSpamList(r io.Reader) (*SpamList, error) {
	l := &SpamList{hosts: map[string]struct{}{}}
	scan := bufio.NewScanner(r)
	for n := 1; scan.Scan(); n++ {
		text, _, _ := strings.Cut(scan.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		host, ok := cleanHost(strings.ToLower(text))
		if !ok || !strings.Contains(host, ".") {
			return nil, fmt.Errorf("spam list: line %d is no host name", n)
		}
		l.hosts[strings.TrimPrefix(host, "www.")] = struct{}{}
		if len(l.hosts) > maxSpamHosts {
			return nil, fmt.Errorf("spam list: more than %d hosts", maxSpamHosts)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("spam list: %w", err)
	}
	if len(l.hosts) == 0 {
		return nil, errors.New("spam list: it names no host")
	}
	return l, nil
}

// Hosts lists the hosts in order.
func (l *SpamList) Hosts() []string {
	if l == nil {
		return nil
	}
	hosts := make([]string, 0, len(l.hosts))
	for h := range l.hosts {
		hosts = append(hosts, h)
	}
	slices.Sort(hosts)
	return hosts
}

// Has says whether a raw referrer URL is of a host on the list, or of one below it.
func (l *SpamList) Has(ref string) bool {
	if l == nil {
		return false
	}
	link, ok := parseLink(ref)
	for host := link.host; ok && host != ""; {
		if _, listed := l.hosts[host]; listed {
			return true
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return false
}
