package matomo

import (
	"testing"
	"time"
)

var timeCases = []struct {
	in   string
	want string // RFC 3339 in UTC; "" is unreadable
}{
	{"1741780800", "2025-03-12T12:00:00Z"},
	{"1741780800.75", "2025-03-12T12:00:00Z"},
	{"1.7417808e9", "2025-03-12T12:00:00Z"},
	{"-1", "1969-12-31T23:59:59Z"},
	{"2024-01-31 12:34:56", "2024-01-31T12:34:56Z"},
	{"2024-01-31 12:34", "2024-01-31T12:34:00Z"},
	{"2024-02-29", "2024-02-29T00:00:00Z"},
	{"2024-01-31 13:34:56+0100", "2024-01-31T12:34:56Z"},
	{"2024-01-31 13:34:56 0100", "2024-01-31T12:34:56Z"},
	{"2024-01-31 13:34:56 +01:00", "2024-01-31T12:34:56Z"},
	{"2024-01-31 13:34:56 01", "2024-01-31T12:34:56Z"},
	{"2024-01-31 07:04:56-0530", "2024-01-31T12:34:56Z"},
	{"2024-01-31T12:34:56.789Z", "2024-01-31T12:34:56Z"},
	{"2024-01-31T12:34:56.789+0000", "2024-01-31T12:34:56Z"},
	{"2024-01-31T13:34:56.789+01:00", "2024-01-31T12:34:56Z"},
	{"2024-01-31t12:34:56z", "2024-01-31T12:34:56Z"},
	{"2024-01-31 12:34:56 UTC", "2024-01-31T12:34:56Z"},
	{"", ""},
	{"yesterday", ""},
	{"NaN", ""},
	{"1e308", ""},
	{"99999999999999999999", ""},
	{"2024-02-30 00:00:00", ""},
	{"2024-13-01", ""},
	{"2024-01-31 25:00:00", ""},
	{"2024-01-31 12:34:56.", ""},
	{"2024-01-31 12:34:56x", ""},
	{"2024-01-31 12:34:560100", ""},
	{"2024-01-31 12:34:56+9900", ""},
	{"2024-01-31 12:34:56+01:0", ""},
	{"2024-1-31", ""},
	{"٢٠٢٤-01-31", ""},
}

func TestParseTime(t *testing.T) {
	for _, tt := range timeCases {
		got := ""
		if seconds, ok := parseTime(tt.in); ok {
			got = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("parseTime(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestWhen(t *testing.T) {
	const old = "2025-03-10 00:00:00"
	for _, tt := range []struct {
		name string
		cdt  string
		cdo  int64
		auth bool
		want string // RFC 3339; "400" is refused
	}{
		{"absent", "", 0, false, "2025-03-12T23:30:00Z"},
		{"recent", "2025-03-12 10:00:00", 0, false, "2025-03-12T10:00:00Z"},
		{"a second under a day", "2025-03-11 23:30:01", 0, false, "2025-03-11T23:30:01Z"},
		{"a day without token", "2025-03-11 23:30:00", 0, false, "400"},
		{"a day with token", "2025-03-11 23:30:00", 0, true, "2025-03-11T23:30:00Z"},
		{"old with token", old, 0, true, "2025-03-10T00:00:00Z"},
		{"a second ahead", "2025-03-12 23:30:01", 0, true, "2025-03-12T23:30:00Z"},
		{"next year", "2026-03-12 00:00:00", 0, false, "2025-03-12T23:30:00Z"},
		{"twenty-one years ago", "2004-03-12 00:00:00", 0, false, "2025-03-12T23:30:00Z"},
		{"nineteen years ago", "2006-03-12 00:00:00", 0, true, "2006-03-12T00:00:00Z"},
		{"nonsense", "tomorrow", 0, false, "2025-03-12T23:30:00Z"},
		{"offset alone", "", 60, false, "2025-03-12T23:29:00Z"},
		{"negative offset", "", -60, false, "2025-03-12T23:29:00Z"},
		{"offset from cdt", "2025-03-12 10:00:00", 60, false, "2025-03-12T09:59:00Z"},
		{"offset makes it old", "2025-03-12 10:00:00", 86400, false, "400"},
		{"offset brings the future back", "2025-03-13 00:00:00", 3600, false, "2025-03-12T23:00:00Z"},
		{"smallest offset there is", "", -1 << 63, false, "2025-03-12T23:30:00Z"},
	} {
		p := Params{Cdt: tt.cdt, Cdo: tt.cdo}
		got := "400"
		if when, fault := p.when(testNow, tt.auth); fault == nil {
			got = when.Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func FuzzCdt(f *testing.F) {
	for _, tt := range timeCases {
		f.Add(tt.in, int64(0))
	}
	f.Add("2025-03-12 10:00:00", int64(-1<<63))
	f.Fuzz(func(t *testing.T, cdt string, cdo int64) {
		p := Params{Cdt: cdt, Cdo: cdo}
		when, fault := p.when(testNow, true)
		if fault != nil {
			t.Fatalf("refused with a token: %v", fault)
		}
		if when.After(testNow) || testNow.Unix()-when.Unix() >= maxAge {
			t.Errorf("when %s is not in the past twenty years", when)
		}
		if _, fault := p.when(testNow, false); (fault != nil) != (testNow.Unix()-when.Unix() >= freeAge) {
			t.Errorf("when %s without token: %v", when, fault)
		}
	})
}
