package dashboard

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

//go:embed assets
var assetFiles embed.FS

// assetSet serves the style, the script and the icon under names that hold a
// hash of their content, so that browsers may keep them for ever.
type assetSet struct {
	hashed  map[string]string // "app.css" → "/assets/app.1a2b3c4d5e.css"
	content map[string][]byte // by hashed base name
}

func loadAssets() *assetSet {
	a := &assetSet{hashed: map[string]string{}, content: map[string][]byte{}}
	a.add("app.css", joinStyles())
	for _, name := range []string{"app.js", "mark.svg"} {
		b, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err)
		}
		a.add(name, b)
	}
	return a
}

// joinStyles puts the style sheets together in the order of their names; the
// first holds the variables that the others use.
func joinStyles() []byte {
	names, err := fs.Glob(assetFiles, "assets/*.css")
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	for _, name := range names { // Glob sorts
		css, err := assetFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		b.Write(css)
	}
	return b.Bytes()
}

func (a *assetSet) add(name string, content []byte) {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	a.hashed[name] = "/assets/" + base
	a.content[base] = content
}

// url gives the address of an asset; an unknown name is a fault of a template.
func (a *assetSet) url(name string) string {
	u, ok := a.hashed[name]
	if !ok {
		panic("dashboard: no asset " + name)
	}
	return u
}

func (a *assetSet) serve(w http.ResponseWriter, r *http.Request) {
	name := chi.URLParam(r, "name")
	content, ok := a.content[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
