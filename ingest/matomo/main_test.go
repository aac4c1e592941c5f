package matomo

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// testNow is the moment at which the tests' hits arrive.
var testNow = time.Date(2025, 3, 12, 23, 30, 0, 0, time.UTC)

// checkParams fails if p breaks a promise of anonymize.Hit or of Params.
func checkParams(t *testing.T, p *Params) {
	t.Helper()
	hit := reflect.ValueOf(p.Hit)
	for i := range hit.NumField() {
		if field := hit.Field(i); field.Kind() == reflect.String {
			s, name := field.String(), hit.Type().Field(i).Name
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\n") {
				t.Errorf("%s = %q: not clean", name, s)
			}
		}
	}
	h := &p.Hit
	for _, f := range []float64{h.EventValue, h.Revenue} {
		if math.IsNaN(f) || math.Abs(f) > maxAmount {
			t.Errorf("amount %v out of range", f)
		}
	}
	if h.LocalHour < -1 || h.LocalHour > 23 || h.SearchCount < -1 || h.Goal < -1 {
		t.Errorf("hour %d, search count %d, goal %d: out of range", h.LocalHour, h.SearchCount, h.Goal)
	}
	if p.SiteValid == (p.SiteID == 0) {
		t.Errorf("site %d, valid %t", p.SiteID, p.SiteValid)
	}
}
