// Command gen bundles the tracker script: it reads the TypeScript under src
// and writes, for each form of the script, the file that package tracker embeds
// and serves to every page, its Brotli form and its source map. No hit passes
// here. The bundles are committed, so that the collector carries neither
// esbuild (10 MB) nor a Brotli encoder (0.8 MB); a test of this package bundles
// anew and compares.
//
// With -release it also keeps today's bundles under released, where they stay:
// a page that names a version by its hash must find it in all later versions.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

// forms are the forms of the script, but for bare each an entry point under src.
var forms = []string{"foule.lite", "foule.bare", "foule", "matomo"}

// bare is made of foule's sources without what reads the device.
const bare = "foule.bare"

func main() {
	dir := flag.String("C", ".", "directory of package tracker")
	release := flag.Bool("release", false, "keep the bundles under released for good")
	flag.Parse()
	if err := run(*dir, *release); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(dir string, release bool) error {
	files, err := made(dir)
	if err != nil {
		return err
	}
	if release {
		for _, form := range forms {
			name, body := kept(form, files[form+".js"])
			files[filepath.Join("released", name)] = body
		}
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// made gives what is committed beside src, by file name.
func made(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, form := range forms {
		script, sourceMap, err := bundle(dir, form)
		if err != nil {
			return nil, err
		}
		files[form+".js"], files[form+".js.map"], files[form+".js.br"] = script, sourceMap, compress(script)
	}
	return files, nil
}

func compress(body []byte) []byte {
	var out bytes.Buffer
	// Writing to memory cannot fail.
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	w.Write(body)
	w.Close()
	return out.Bytes()
}

// kept gives the name and the bytes under which a release keeps a bundle. The
// name holds the same hash as the URL that tracker.Form gives it.
func kept(form string, script []byte) (name string, body []byte) {
	var out bytes.Buffer
	// Writing to memory cannot fail, and the level is a constant.
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w.Write(script)
	w.Close()
	sum := sha256.Sum256(script)
	return form + "." + hex.EncodeToString(sum[:8]) + ".js.gz", out.Bytes()
}

// bundle makes a form of the script, and its source map, from dir/src. Their
// bytes depend on the sources and on the version of esbuild in go.mod alone.
func bundle(dir, form string) (script, sourceMap []byte, err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("bundle: %w", err)
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     abs,
		EntryPoints:       []string{"src/" + strings.TrimSuffix(form, ".bare") + ".ts"},
		Define:            map[string]string{"BARE": strconv.FormatBool(form == bare)},
		Outfile:           form + ".js",
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2020,       // browsers of 2020 and later
		Charset:           api.CharsetASCII, // pages in any charset embed it
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone,
		Sourcemap:         api.SourceMapExternal, // named in a header: a comment would cost every visitor
		// Sloppy mode: where a page has frozen its history object, an
		// assignment to it is without effect instead of an error.
		TsconfigRaw: "{}",
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
		return nil, nil, fmt.Errorf("bundle %s: %w", form, errors.Join(problems...))
	}
	for _, file := range result.OutputFiles {
		if filepath.Ext(file.Path) == ".map" {
			sourceMap = file.Contents
		} else {
			script = bytes.TrimSpace(file.Contents)
		}
	}
	return script, sourceMap, nil
}
