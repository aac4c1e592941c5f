package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/ingest/accesslog"
)

// importLogCommand sends access logs to a collector that runs.
func importLogCommand(ctx context.Context, e env, args []string) error {
	f := flags("import-log")
	site := f.Uint("site", 0, "")
	to := f.String("to", "", "")
	format := f.String("format", "auto", "")
	base := f.String("url", "", "")
	name := f.String("name", "", "")
	token := f.String("token-file", "", "")
	lines := f.Int("lines", 0, "")
	bots := f.Bool("bots", false, "")
	asJSON := f.Bool("json", false, "")
	c, files, err := wordsAndSettings("import-log", args, f)
	if err != nil {
		return err
	}
	im := accesslog.Importer{
		Endpoint: strings.TrimSuffix(cmp.Or(*to, "http://"+c.Listen), "/") + "/matomo.php", Site: foule.SiteID(*site), BaseURL: *base,
		Format: *format, Bots: *bots, Name: *name, Lines: *lines, Client: &http.Client{Timeout: time.Minute},
	}
	if len(files) == 0 || *site == 0 || *base == "" {
		return fmt.Errorf("%w: say 'import-log FILE… --site ID --url https://HOST --token-file FILE'", errUsage)
	}
	if accesslog.Detect(*format, "{") == nil {
		return fmt.Errorf("%w: --format is one of %s", errUsage, strings.Join(accesslog.Names, ", "))
	}
	if im.Token, err = readToken(*token); err != nil {
		return err
	}
	shown := newBar(e.err)
	for _, path := range files {
		im.Report = func(p accesslog.Progress) {
			shown.draw(p.Bytes, p.Size, fmt.Sprintf("%s: %.1f of %.1f MB, %d sent", p.File, float64(p.Bytes)/1e6, float64(p.Size)/1e6, p.Sent))
		}
		counts, err := im.Run(ctx, path)
		shown.end()
		if err != nil {
			if ctx.Err() != nil {
				return errors.New("stopped; run the same command again to go on: what was taken is not counted again")
			}
			return err
		}
		err = e.print(*asJSON, struct {
			File string `json:"file"`
			accesslog.Counts
		}{path, counts}, "%s: %d lines: %d page views and downloads sent (%d refused), %d parts of pages, %d failed, %d other, %d not understood",
			path, counts.Lines, counts.Sent, counts.Invalid, counts.Parts, counts.Failed, counts.Other, counts.Malformed)
		if err != nil {
			return err
		}
	}
	return nil
}

// readToken reads a token from a file, or from the environment, so that it
// stands in no list of processes.
func readToken(path string) (string, error) {
	if path == "" {
		if token := os.Getenv("FOULE_TOKEN"); token != "" {
			return token, nil
		}
		return "", fmt.Errorf("%w: the token that may write comes from --token-file or the environment variable FOULE_TOKEN; 'collector token create --scope write' makes one", errUsage)
	}
	b, err := os.ReadFile(path)
	return strings.TrimSpace(string(b)), err
}
