package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthPatience is how long an answer may take: less than the time-out of any
// supervisor that asks.
const healthPatience = 3 * time.Second

// healthCommand asks a process of this machine whether it serves, for images
// without a shell or curl: the one on the address of listen, which is the
// dashboard's in its own container, or the one at the address given.
func healthCommand(ctx context.Context, e env, args []string) error {
	c, words, err := wordsAndSettings("health", args, flags("health"))
	if err != nil {
		return err
	}
	switch {
	case len(words) > 1:
		return fmt.Errorf("%w: say 'health' or 'health URL'", errUsage)
	case len(words) == 1:
		return askHealth(ctx, e, words[0])
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil || port == "0" {
		return fmt.Errorf("%w: listen is %q, which says not where to ask; say 'health http://HOST:PORT/healthz'", errUsage, c.Listen)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return askHealth(ctx, e, "http://"+net.JoinHostPort(host, port)+"/healthz")
}

func askHealth(ctx context.Context, e env, url string) error {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("it does not serve: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("it does not serve: %s answers %s", url, res.Status)
	}
	return e.print(false, nil, "ok")
}
