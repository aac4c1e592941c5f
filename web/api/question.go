package api

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"foule.eu/foule"
	"foule.eu/foule/report"
	"foule.eu/foule/storage"
)

// questionParams are the query parameters of a report.
var questionParams = []string{
	"from", "to", "grain", "filter", "label", "search", "sort", "limit", "offset", "format",
}

// usualDays is the length of the range when none is asked for.
const usualDays = 30

// parseQuestion reads a report's query parameters; faults are
// [*report.BadQuestion].
func parseQuestion(site foule.Site, name string, query url.Values, now time.Time) (report.Question, error) {
	q := report.Question{
		Site: site, Report: name, Grain: report.Grain(query.Get("grain")), Search: query.Get("search"),
	}
	if query.Has("label") {
		label := query.Get("label")
		q.Label = &label
	}
	q.Sort = query.Get("sort")
	if q.Sort != "" {
		var desc bool
		q.Sort, desc = strings.CutPrefix(q.Sort, "-")
		q.Asc = !desc
	}
	var err error
	if q.From, q.To, err = parseDays(site, query, now); err != nil {
		return q, err
	}
	if q.Filter, err = parseFilter(query.Get("filter")); err != nil {
		return q, err
	}
	if q.Limit, err = parseCount(query, "limit", 1); err != nil {
		return q, err
	}
	q.Offset, err = parseCount(query, "offset", 0)
	return q, err
}

// parseDays reads the range; without from it is the thirty days up to to, and
// without to it ends today, by the site's calendar.
func parseDays(site foule.Site, query url.Values, now time.Time) (from, to foule.Day, err error) {
	loc, err := time.LoadLocation(site.Timezone)
	if err != nil {
		return 0, 0, fmt.Errorf("api: time zone of site %d: %w", site.ID, err)
	}
	to = foule.DayOf(now, loc)
	if text := query.Get("to"); text != "" {
		if to, err = foule.ParseDay(text); err != nil {
			return 0, 0, &report.BadQuestion{Field: "to", Reason: "want YYYY-MM-DD"}
		}
	}
	from = to - usualDays + 1
	if text := query.Get("from"); text != "" {
		if from, err = foule.ParseDay(text); err != nil {
			return 0, 0, &report.BadQuestion{Field: "from", Reason: "want YYYY-MM-DD"}
		}
	}
	return from, to, nil
}

// parseFilter reads "dimension:label"; the label may hold colons of its own.
func parseFilter(text string) (*storage.Filter, error) {
	if text == "" {
		return nil, nil
	}
	name, label, ok := strings.Cut(text, ":")
	if !ok {
		return nil, &report.BadQuestion{Field: "filter", Reason: "want dimension:label, as in country:FR"}
	}
	dim, ok := foule.ParseDimension(name)
	if !ok {
		return nil, &report.BadQuestion{Field: "filter", Reason: "unknown dimension; /reports lists the filters"}
	}
	return &storage.Filter{Dim: dim, Label: label}, nil
}

func parseCount(query url.Values, name string, least int) (int, error) {
	text := query.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, &report.BadQuestion{Field: name, Reason: fmt.Sprintf("want a whole number from %d on", least)}
	}
	return n, nil
}
