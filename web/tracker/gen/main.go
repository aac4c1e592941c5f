// Command gen bundles the tracker script: it reads the TypeScript under src
// and writes matomo.js, the file that package tracker embeds and serves to
// every page, and its Brotli form. No hit passes here. The bundle is committed,
// so that the collector carries neither esbuild (10 MB) nor a Brotli encoder
// (0.8 MB); a test of this package bundles anew and compares.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

const banner = "/*! Foule: counts visits, stores nothing in the browser but a wish not to be counted. https://foule.eu */"

func main() {
	dir := flag.String("C", ".", "directory of package tracker")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	script, err := bundle(dir)
	if err != nil {
		return err
	}
	for name, body := range map[string][]byte{"matomo.js": script, "matomo.js.br": compress(script)} {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func compress(body []byte) []byte {
	var out bytes.Buffer
	// Writing to memory cannot fail.
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	w.Write(body)
	w.Close()
	return out.Bytes()
}

// bundle makes the script from dir/src. Its bytes depend on the sources and on
// the version of esbuild in go.mod alone.
func bundle(dir string) ([]byte, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     abs,
		EntryPoints:       []string{"src/main.ts"},
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2018,       // browsers of 2018 and later
		Charset:           api.CharsetASCII, // pages in any charset embed it
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone,
		Banner:            map[string]string{"js": banner},
	})
	var problems []error
	for _, message := range append(result.Errors, result.Warnings...) {
		at := ""
		if message.Location != nil {
			at = fmt.Sprintf("%s:%d: ", message.Location.File, message.Location.Line)
		}
		problems = append(problems, errors.New(at+message.Text))
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("bundle: %w", errors.Join(problems...))
	}
	return bytes.TrimSpace(result.OutputFiles[0].Contents), nil
}
