package optout

import (
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed locales/*.json
var localeFiles embed.FS

// languages are the catalogues there are; the first is the fallback. The order
// is that of matcher.
var languages = []string{"en", "fr"}

// words are the sentences of one language. The script carries those of its own
// half of the catalogue.
type words struct {
	Page   map[string]string `json:"page"`
	Shared map[string]string `json:"shared"` // page and script
	Script map[string]string `json:"script"`
}

func loadWords() map[string]words {
	out := map[string]words{}
	for _, lang := range languages {
		b, err := localeFiles.ReadFile("locales/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		var w words
		if err := json.Unmarshal(b, &w); err != nil {
			panic(fmt.Errorf("optout: catalogue %s: %w", lang, err))
		}
		out[lang] = w
	}
	return out
}

// T gives a sentence of the page; a missing key is a fault of the build.
func (w words) T(key string) string {
	if s, ok := w.Page[key]; ok {
		return s
	}
	s, ok := w.Shared[key]
	if !ok {
		panic("optout: no sentence " + key)
	}
	return s
}
