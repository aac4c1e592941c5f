package proof

import (
	"crypto/ed25519"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/template"
	"time"
)

//go:embed locales/*.json report.md
var files embed.FS

// Languages are those in which a report can be read.
var Languages = []string{"fr", "en"}

// Text writes a report for people, in Markdown. key is the public key that
// signed it.
func Text(r *Report, key ed25519.PublicKey, language string) (string, error) {
	words, err := locale(language)
	if err != nil {
		return "", err
	}
	page, err := template.New("report.md").Funcs(template.FuncMap{
		"t": func(name string, args ...any) (string, error) {
			text, ok := words[name]
			if !ok {
				return "", fmt.Errorf("no text %q in %s", name, language)
			}
			return fmt.Sprintf(text, args...), nil
		},
		"size":    func(bytes int64) string { return number(float64(bytes)/1e6, 2, language) },
		"seconds": func(s float64) string { return number(s, 1, language) },
		"date":    func(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") },
		"join":    func(list []string) string { return strings.Join(list, ", ") },
		"code":    func(s string) string { return "`" + s + "`" },
	}).ParseFS(files, "report.md")
	if err != nil {
		return "", fmt.Errorf("proof: %w", err)
	}
	var b strings.Builder
	err = page.Execute(&b, struct {
		*Report
		Key, Fingerprint string
	}{r, base64.StdEncoding.EncodeToString(key), Fingerprint(key)})
	if err != nil {
		return "", fmt.Errorf("proof: %w", err)
	}
	return b.String(), nil
}

func number(x float64, decimals int, language string) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if language == "fr" {
		text = strings.ReplaceAll(text, ".", ",")
	}
	return text
}

// locale gives the texts of a language by name.
func locale(language string) (words map[string]string, err error) {
	b, err := files.ReadFile("locales/" + language + ".json")
	if err != nil {
		return nil, fmt.Errorf("proof: there is no report in %q, but in %s", language, strings.Join(Languages, " and "))
	}
	if err := json.Unmarshal(b, &words); err != nil {
		return nil, fmt.Errorf("proof: texts in %s: %w", language, err)
	}
	return words, nil
}
