package dashboard

import (
	"fmt"
	"testing"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
)

func TestScale(t *testing.T) {
	tests := []struct {
		top           float64
		unit          report.Unit
		step, ceiling float64
	}{
		{0, report.UnitCount, 1, 2},
		{1, report.UnitCount, 1, 1},
		{7, report.UnitCount, 2, 8},
		{13500, report.UnitCount, 5000, 15000},
		{100, report.UnitCount, 25, 100},
		{0.42, report.UnitRatio, 0.2, 0.6},
		{137, report.UnitSeconds, 60, 180},
		{3.4, report.UnitNumber, 1, 4},
	}
	for _, tt := range tests {
		step, ceiling := scale(tt.top, tt.unit)
		if fmt.Sprintf("%.3f %.3f", step, ceiling) != fmt.Sprintf("%.3f %.3f", tt.step, tt.ceiling) {
			t.Errorf("scale(%v, %s) = %v, %v, want %v, %v", tt.top, tt.unit, step, ceiling, tt.step, tt.ceiling)
		}
	}
}

func TestGrains(t *testing.T) {
	tests := []struct {
		days  foule.Day
		want  string
		start report.Grain
	}{
		{1, "[hour]", report.GrainHour},
		{7, "[hour day]", report.GrainDay},
		{30, "[day week]", report.GrainDay},
		{90, "[day week month]", report.GrainDay},
		{365, "[day week month]", report.GrainWeek},
		{730, "[week month]", report.GrainMonth},
	}
	for _, tt := range tests {
		offered, start := grains(span{100, 100 + tt.days - 1}, true)
		if fmt.Sprint(offered) != tt.want || start != tt.start {
			t.Errorf("%d days: %v from %s, want %s from %s", tt.days, offered, start, tt.want, tt.start)
		}
	}
}

func TestBuckets(t *testing.T) {
	l := loadLocales()["en"]
	day := func(s string) foule.Day {
		d, err := foule.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	now := time.Date(2026, 3, 24, 15, 20, 0, 0, paris) // a Tuesday
	tests := []struct {
		name        string
		span        span
		grain       report.Grain
		n           int
		first, last string
		open, next  int
	}{
		{"today by hour", span{day("2026-03-24"), day("2026-03-24")}, report.GrainHour, 24, "2026-03-24T00", "2026-03-24T23", 1, 8},
		{"days", span{day("2026-03-22"), day("2026-03-24")}, report.GrainDay, 3, "2026-03-22", "2026-03-24", 1, 0},
		{"weeks begin on Monday", span{day("2026-03-01"), day("2026-03-24")}, report.GrainWeek, 5, "2026-02-23", "2026-03-23", 1, 0},
		{"months", span{day("2025-11-15"), day("2026-03-24")}, report.GrainMonth, 5, "2025-11", "2026-03", 1, 0},
		{"past days", span{day("2026-01-01"), day("2026-01-31")}, report.GrainDay, 31, "2026-01-01", "2026-01-31", 0, 0},
	}
	for _, tt := range tests {
		got := l.buckets(tt.span, tt.grain, now)
		open, next := 0, 0
		for _, b := range got {
			if b.Open {
				open++
			}
			if b.Next {
				next++
			}
		}
		if len(got) != tt.n || got[0].Key != tt.first || got[len(got)-1].Key != tt.last || open != tt.open || next != tt.next {
			t.Errorf("%s: %d from %s to %s, %d open, %d next", tt.name, len(got), got[0].Key, got[len(got)-1].Key, open, next)
		}
	}
}

// TestChartPaths: a day that is not over is drawn apart, the future not at all.
func TestChartPaths(t *testing.T) {
	l := loadLocales()["en"]
	v := &view{Now: fixedNow}
	today := foule.DayOf(fixedNow, paris)
	var rows []report.Row
	for i := range 3 {
		r := report.Row{Bucket: (today - 2 + foule.Day(i)).String()}
		r.Metrics[foule.Visitors] = int64(i+1) * 2
		rows = append(rows, r)
	}
	m := measureByName(measures, "visitors")
	c := l.chart(v, m, l.curve(m, span{today - 2, today}, report.GrainDay, v, rows), nil)
	if c.Line != "M166.7 139.3L500.0 78.7" || c.Open != "M500.0 78.7L833.3 18.0" || c.Before != "" {
		t.Errorf("line %q, open %q, before %q", c.Line, c.Open, c.Before)
	}
	if got := c.Points[1].Value; got != "4" || c.Compare {
		t.Errorf("value %q", got)
	}
	c = l.chart(v, m, l.curve(m, span{today, today}, report.GrainHour, v, nil), nil)
	if got := c.Points[23]; got.Value != noFigure || got.Y != "" {
		t.Errorf("an hour to come shows %+v", got)
	}
}

func TestChange(t *testing.T) {
	l := loadLocales()["en"]
	tests := []struct {
		measure    string
		now, was   float64
		text, tone string
	}{
		{"visits", 112, 100, "+12%", "good"},
		{"visits", 99, 100, "−1.0%", "bad"},
		{"visits", 100, 100, "0%", "same"},
		{"visits", 0, 0, noFigure, "same"},
		{"visits", 5, 0, "new", "good"},
		{"visits", 0, 5, "−100%", "bad"},
		{"bounce_rate", 0.45, 0.42, "+3.0 pts", "bad"},
		{"bounce_rate", 0.42, 0.445, "−2.5 pts", "good"},
		{"bounce_rate", 0.4200001, 0.42, "0 pts", "same"},
	}
	for _, tt := range tests {
		if got := l.changeOf(measureByName(measures, tt.measure), tt.now, tt.was); got.Text != tt.text || got.Tone != tt.tone {
			t.Errorf("%s %v after %v: %q %s, want %q %s", tt.measure, tt.now, tt.was, got.Text, got.Tone, tt.text, tt.tone)
		}
	}
}
