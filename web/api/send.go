package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// sendJSON answers with v, or with an error before anything was sent.
func sendJSON(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("api: encode: %w", err)
	}
	send(w, r, "application/json; charset=utf-8", append(body, '\n'))
	return nil
}

// send answers with a body, or with 304 if the client has it (RFC 9110 §13).
func send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	sum := sha256.Sum256(body)
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("ETag", etag)
	h.Add("Vary", "Accept")
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimSpace(known); known == "*" || strings.TrimPrefix(known, "W/") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", contentType)
	w.Write(body) // a client that is gone needs no answer
}

// sendCSV answers with the rows as comma-separated values (RFC 4180), the
// other labels last.
func sendCSV(w http.ResponseWriter, r *http.Request, a *report.Answer) error {
	var body bytes.Buffer
	out := csv.NewWriter(&body)
	out.UseCRLF = true
	head := []string{"label"}
	if a.Question.Grain != report.GrainTotal {
		head = append(head, "bucket")
	}
	labels := len(head)
	for _, c := range a.Columns {
		head = append(head, c.Name)
	}
	out.Write(head)
	line := func(m *foule.Metrics, texts ...string) {
		cells := append(make([]string, 0, len(head)), texts[:labels]...)
		for _, c := range a.Columns {
			cells = append(cells, string(appendNumber(nil, c.Of(m))))
		}
		out.Write(cells)
	}
	for i := range a.Rows {
		line(&a.Rows[i].Metrics, harmless(a.Rows[i].Label), a.Rows[i].Bucket)
	}
	if !a.Other.IsZero() {
		line(&a.Other, foule.Other, "")
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("api: write csv: %w", err)
	}
	name := fmt.Sprintf("%s-%d-%s-%s.csv", a.Report.Name, a.Question.Site.ID, a.Question.From, a.Question.To)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	send(w, r, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

// harmless keeps spreadsheets from taking a label for a formula: anybody can
// put any text into a page title. The apostrophe is what they themselves use.
func harmless(label string) string {
	if label != "" && strings.ContainsRune("=+-@\t\r\n", rune(label[0])) {
		return "'" + label
	}
	return label
}
