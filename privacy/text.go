package privacy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"foule.eu/foule"
)

// Text is a sentence in the two languages of the house.
type Text struct {
	EN string `json:"en"`
	FR string `json:"fr"`
}

// Languages are those that a Text has.
var Languages = []string{"en", "fr"}

// In gives the text in a language: "fr", or English for any other.
func (t Text) In(lang string) string {
	if lang == "fr" {
		return t.FR
	}
	return t.EN
}

// With fills the {placeholders} of a text from pairs of a name and a value: a
// Text, or anything that is written the same in every language.
func (t Text) With(pairs ...any) Text {
	for i := 0; i+1 < len(pairs); i += 2 {
		value, ok := pairs[i+1].(Text)
		if !ok {
			same := fmt.Sprint(pairs[i+1])
			value = Text{same, same}
		}
		name := "{" + fmt.Sprint(pairs[i]) + "}"
		t = Text{strings.ReplaceAll(t.EN, name, value.EN), strings.ReplaceAll(t.FR, name, value.FR)}
	}
	return t
}

// And joins texts as a list in a sentence: "a, b and c"; with semicolons where
// one of them has commas of its own.
func And(list []Text) Text {
	join := func(lang, comma, semicolon, and string) string {
		between := comma
		for _, t := range list {
			if strings.Contains(t.In(lang), ",") {
				between = semicolon
			}
		}
		var b strings.Builder
		for i, t := range list {
			switch {
			case i > 0 && i == len(list)-1 && between == comma:
				b.WriteString(and)
			case i > 0:
				b.WriteString(between)
			}
			b.WriteString(t.In(lang))
		}
		return b.String()
	}
	return Text{join("en", ", ", "; ", " and "), join("fr", ", ", " ; ", " et ")}
}

// Titles gives the titles of features.
func Titles(features []foule.Feature) (titles []Text) {
	for i := range Features {
		if slices.Contains(features, Features[i].Name) {
			titles = append(titles, Features[i].Title)
		}
	}
	return titles
}

var (
	monthsEN = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	monthsFR = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// Date writes a day as people do.
func Date(d foule.Day) Text {
	year, month, day := d.Date()
	en, fr := strconv.Itoa(day), strconv.Itoa(day)
	if day == 1 {
		fr = "1er"
	}
	return Text{fmt.Sprintf("%s %s %d", en, monthsEN[month-1], year), fmt.Sprintf("%s %s %d", fr, monthsFR[month-1], year)}
}

// Months writes a number of months.
func Months(n int) Text {
	if n == 1 {
		return Text{"1 month", "1 mois"}
	}
	return Text{strconv.Itoa(n) + " months", strconv.Itoa(n) + " mois"}
}

// aYearAfter gives the same day of the next year, 1 March for 29 February.
func aYearAfter(d foule.Day) foule.Day {
	year, month, day := d.Date()
	return foule.DayFromDate(year+1, month, day)
}
