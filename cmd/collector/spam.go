package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"foule.eu/foule/anonymize/referrer"
	"foule.eu/foule/ingest/journal"
)

// spamListName is the operator's own list of hosts that make up referrers, in
// the data folder.
const spamListName = "spam.txt"

// spamCommand puts a list of hosts that make up referrers in force at the next
// start, beside the one that is built in.
func spamCommand(_ context.Context, e env, args []string) error {
	if len(args) == 0 || args[0] != "update" {
		return fmt.Errorf("%w: say 'spam update FILE' (a host a line; - reads standard input)", errUsage)
	}
	f := flags("spam update")
	asJSON := f.Bool("json", false, "")
	c, words, err := wordsAndSettings("spam update", args[1:], f)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return fmt.Errorf("%w: say 'spam update FILE'", errUsage)
	}
	in := io.ReadCloser(os.Stdin)
	if words[0] != "-" {
		if in, err = os.Open(words[0]); err != nil {
			return err
		}
		defer in.Close()
	}
	list, err := referrer.ReadSpamList(in)
	if err != nil {
		return err
	}
	hosts := list.Hosts()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	path := filepath.Join(c.Data, spamListName)
	err = journal.WriteFileAtomic(path, func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(hosts, "\n")+"\n")
		return err
	})
	if err != nil {
		return err
	}
	return e.print(*asJSON, map[string]any{"hosts": len(hosts), "file": path}, "%d hosts are in %s; the collector reads them when it starts", len(hosts), path)
}
