package main

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"foule.eu/foule/internal/config"
	"foule.eu/foule/internal/proof"
)

// errProof is the failure of a proof that ran to its end: it found something, or
// it proves nothing.
var errProof = errors.New("the proof failed")

// proveCommand tries what a collector with the operator's settings keeps: it
// starts a throw-away one, sends it everything that may not be kept, and
// searches everything it wrote. Or it checks the report of an earlier proof.
func proveCommand(ctx context.Context, e env, args []string) error {
	f := flags("prove")
	file := f.String("json", "", "")
	language := f.String("lang", languageOfMachine(), "")
	verify := f.String("verify", "", "")
	trusted := f.String("key", "", "")
	c, words, err := wordsAndSettings("prove", args, f)
	if err != nil {
		return err
	}
	if len(words) > 0 || !slices.Contains(proof.Languages, *language) {
		return fmt.Errorf("%w: say 'prove [--json FILE] [--lang fr|en]' or 'prove --verify FILE [--key KEY]'", errUsage)
	}
	if *verify != "" {
		return verifyReport(e, c, *verify, *trusted, *language)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	key, err := proof.Key(filepath.Join(c.Data, proof.KeyName)) // first: a proof that cannot be signed need not begin
	if err != nil {
		return err
	}
	report, err := prove(ctx, e, c)
	if err != nil {
		return err
	}
	if err := hand(e, report, key, *file, *language); err != nil {
		return err
	}
	return failure(report)
}

// hand gives the report to a file, to standard output, or to both.
func hand(e env, r *proof.Report, key ed25519.PrivateKey, file, language string) error {
	signed, err := proof.Sign(r, key)
	if err != nil {
		return err
	}
	if file == "-" {
		_, err = e.out.Write(signed)
		return err
	}
	if file != "" {
		if err := os.WriteFile(file, signed, 0o644); err != nil { // it holds nothing that is secret
			return err
		}
	}
	text, err := proof.Text(r, key.Public().(ed25519.PublicKey), language)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(e.out, text)
	return err
}

// failure says loudly what a report's verdict means, if it is not a good one.
func failure(r *proof.Report) error {
	switch r.Verdict {
	case proof.Leak:
		var list strings.Builder
		for _, f := range r.Findings {
			fmt.Fprintf(&list, "\n  %s (planted in %s, as %s) is in %s %s", f.Kind, f.Name, f.Form, f.Place, f.Where)
		}
		return fmt.Errorf("%w: SOMETHING IS KEPT THAT MAY NOT BE KEPT. Stop the collector, keep this report, and tell the makers:%s", errProof, list.String())
	case proof.Void:
		return fmt.Errorf("%w: it proves nothing, because %d of %d labels that are counted by design are not in the store; see the report", errProof, len(r.Missing()), len(r.Counted))
	}
	return nil
}

// verifyReport says whether a report is as it was signed, and by whom.
func verifyReport(e env, c config.Config, file, trusted, language string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	report, key, err := proof.Verify(content)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	text, err := proof.Text(report, key, language)
	if err != nil {
		return err
	}
	fmt.Fprint(e.out, text)
	by, err := signer(c, key, trusted)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Fprintf(e.err, "The signature is valid: %s.\n", by)
	if settingsHash(c) != report.Configuration.SHA256 {
		fmt.Fprintln(e.err, "The report is of other settings than those in force here.")
	}
	return failure(report)
}

// signer says whose key it is; an error if it is not the one that is trusted.
func signer(c config.Config, key ed25519.PublicKey, trusted string) (string, error) {
	print := proof.Fingerprint(key)
	if trusted != "" {
		if want, err := base64.StdEncoding.DecodeString(trusted); err != nil || !key.Equal(ed25519.PublicKey(want)) {
			return "", fmt.Errorf("it is signed by the key %s, which is not the one that is trusted", print)
		}
		return "by the key that is trusted, " + print, nil
	}
	path := filepath.Join(c.Data, proof.KeyName)
	if _, err := os.Stat(path); err == nil {
		if own, err := proof.Key(path); err == nil && own.Public().(ed25519.PublicKey).Equal(key) {
			return "by this installation's key " + print, nil
		}
	}
	return "by the key " + print + ", which is not this installation's: ask its operator for the public key and give it with --key", nil
}

// languageOfMachine is French where the machine speaks French, else English.
func languageOfMachine() string {
	if strings.HasPrefix(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")), "fr") {
		return "fr"
	}
	return "en"
}
