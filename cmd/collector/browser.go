package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// browser reads an instance's dashboard as a person would, for a proof.
type browser struct{ client *http.Client }

// logIn uses the set-up link of a first start.
func logIn(ctx context.Context, base, setup string) (*browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	link, err := url.Parse(setup)
	if err != nil || setup == "" {
		return nil, errors.New("the throw-away collector gives no link to log in")
	}
	b := &browser{&http.Client{Jar: jar, Timeout: time.Minute}}
	form := url.Values{"t": {link.Query().Get("t")}, "email": {"proof@localhost.localdomain"}, "password": {rand.Text()}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/setup", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("nobody can log in to the throw-away dashboard: it answers %s", res.Status)
	}
	return b, nil
}

const (
	// maxPages is how many pages a crawl finds by itself, beside those that it is told.
	maxPages = 250
	// crawlTime bounds a crawl: a store may take its time for each report.
	crawlTime = 5 * time.Second
)

var linkTo = regexp.MustCompile(`(?:href|src)="([^"#]+)`)

// crawl reads pages, and those that they link to, until there are no more or
// time is up. It says how many it knows of and did not read.
func (b *browser) crawl(ctx context.Context, base string, paths []string, each func(path string, answer []byte)) (unread int, err error) {
	known := map[string]bool{}
	for _, p := range paths {
		known[p] = true
	}
	room, end := len(paths)+maxPages, time.Now().Add(crawlTime)
	for ; len(paths) > 0 && time.Now().Before(end); paths = paths[1:] {
		answer, err := fetch(ctx, b.client, base+paths[0])
		if err != nil {
			return len(paths), err
		}
		each(paths[0], answer)
		here, err := url.Parse(paths[0])
		if err != nil {
			return len(paths), err
		}
		for _, m := range linkTo.FindAllSubmatch(answer, -1) {
			to, err := here.Parse(html.UnescapeString(string(m[1])))
			if err != nil || to.Host != "" || known[to.String()] || len(known) >= room {
				continue
			}
			known[to.String()] = true
			paths = append(paths, to.String())
		}
	}
	return len(paths), nil
}

// fetch gives an answer's headers and body; of what status it is does not matter,
// but for one that asks to come later.
func fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var all strings.Builder
	if err := res.Header.Write(&all); err != nil {
		return nil, err
	}
	if _, err := io.Copy(&all, res.Body); err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= http.StatusInternalServerError {
		return nil, fmt.Errorf("%s is answered %s", req.URL.Path, res.Status)
	}
	return []byte(all.String()), nil
}
