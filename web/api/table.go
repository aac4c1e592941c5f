package api

import (
	"encoding/json"
	"math"
	"strconv"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

// table is a report's answer on the wire.
type table struct {
	Report   string       `json:"report"`
	Site     foule.SiteID `json:"site"`
	From     string       `json:"from"`
	To       string       `json:"to"`
	Grain    report.Grain `json:"grain"`
	Filter   string       `json:"filter,omitempty"`
	Currency string       `json:"currency"` // of money columns
	Columns  []columnInfo `json:"columns"`
	Rows     []record     `json:"rows"`
	Totals   record       `json:"totals"`
	Other    record       `json:"other"`
	RowCount int          `json:"row_count"`
	TooFew   bool         `json:"too_few"`

	ConsentOnly bool        `json:"consent_only"`
	Disclosure  *disclosure `json:"disclosure"` // null: exact
}

// disclosure is how figures were rounded, and what is too small to be shown.
type disclosure struct {
	RoundedTo    int64 `json:"rounded_to"`
	SmallestCell int64 `json:"smallest_cell"`
}

func disclosureOf(d *report.Disclosure) *disclosure { return (*disclosure)(d) }

type columnInfo struct {
	Name string      `json:"name"`
	Type string      `json:"type"` // JSON Schema's: "integer" or "number"
	Unit report.Unit `json:"unit"`
}

func columnInfos(columns []report.Column) []columnInfo {
	infos := make([]columnInfo, len(columns))
	for i, c := range columns {
		infos[i] = columnInfo{Name: c.Name, Type: "number", Unit: c.Unit}
		if c.Whole() {
			infos[i].Type = "integer"
		}
	}
	return infos
}

func newTable(a *report.Answer) table {
	q := a.Question
	t := table{
		Report: a.Report.Name, Site: q.Site.ID, From: q.From.String(), To: q.To.String(), Grain: q.Grain,
		Currency: infoOf(q.Site).Currency, Columns: columnInfos(a.Columns), Rows: make([]record, len(a.Rows)),
		Totals:   record{columns: a.Columns, metrics: &a.Totals},
		Other:    record{columns: a.Columns, metrics: &a.Other},
		RowCount: a.RowCount, TooFew: a.TooFew, ConsentOnly: a.ConsentOnly, Disclosure: disclosureOf(a.Disclosure),
	}
	if q.Filter != nil {
		t.Filter = q.Filter.Dim.String() + ":" + q.Filter.Label
	}
	for i := range a.Rows {
		row := &a.Rows[i]
		t.Rows[i] = record{label: &row.Label, bucket: row.Bucket, columns: a.Columns, metrics: &row.Metrics}
	}
	return t
}

// record is a row of numbers: an object with a member for each column, after
// the label and the bucket where there is one.
type record struct {
	label   *string
	bucket  string
	columns []report.Column
	metrics *foule.Metrics
}

// MarshalJSON writes the members in the columns' order.
func (r record) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	if r.label != nil {
		label, err := json.Marshal(*r.label)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, `"label":`...), label...), ',')
	}
	if r.bucket != "" {
		b = append(strconv.AppendQuote(append(b, `"bucket":`...), r.bucket), ',')
	}
	for i, c := range r.columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, c.Name), ':')
		b = appendNumber(b, c.Of(r.metrics))
	}
	return append(b, '}'), nil
}

// appendNumber writes a number with at most four decimals, never in
// scientific notation.
func appendNumber(b []byte, v float64) []byte {
	return strconv.AppendFloat(b, math.Round(v*1e4)/1e4+0, 'f', -1, 64) // +0: no negative zero
}
