package scrub

import "strings"

// Piece is a part of a label: text that stayed, or a placeholder.
type Piece struct {
	Text string
	Kind string // of a placeholder: its name without the brackets; "" for text
}

// Pieces takes a label apart. What was a placeholder before it was scrubbed is
// taken for one, too.
func Pieces(label string) (list []Piece) {
	for start, i := 0, 0; i <= len(label); i++ {
		if i == len(label) {
			if i > start {
				list = append(list, Piece{Text: label[start:]})
			}
			break
		}
		mark := markAt(label[i:])
		if mark == "" {
			continue
		}
		if i > start {
			list = append(list, Piece{Text: label[start:i]})
		}
		list = append(list, Piece{mark, strings.Trim(mark, "[]")})
		start = i + len(mark)
		i = start - 1
	}
	return list
}

// markAt gives the placeholder at the head of s, "" if there is none.
func markAt(s string) string {
	for _, mark := range marks {
		if strings.HasPrefix(s, mark) {
			return mark
		}
	}
	return ""
}
