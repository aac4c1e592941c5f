package aggregate

import (
	"strings"

	"foule.eu/foule"
)

// labelID is a label's number in its day's dictionary.
type labelID uint32

const (
	emptyLabel labelID = 0 // ""
	otherLabel labelID = 1 // foule.Other
)

// labels is a day's dictionary. It admits at most max labels per dimension;
// a label beyond that is foule.Other from the start.
type labels struct {
	ids      map[string]labelID
	texts    []string
	admitted map[admission]struct{}
	counts   [foule.NumDimensions]int
}

type admission struct {
	dim foule.Dimension
	id  labelID
}

func newLabels() labels {
	return labels{
		ids:      map[string]labelID{"": emptyLabel, foule.Other: otherLabel},
		texts:    []string{"", foule.Other},
		admitted: map[admission]struct{}{},
	}
}

// get gives the number of dim's label, admitting it if there is room.
func (l *labels) get(dim foule.Dimension, text string, max int) labelID {
	id, known := l.ids[text]
	if id <= otherLabel && known {
		return id
	}
	if known {
		if _, ok := l.admitted[admission{dim, id}]; ok {
			return id
		}
	}
	if l.counts[dim] >= max && !isOperators[dim] {
		return otherLabel
	}
	if !known {
		id = labelID(len(l.texts))
		text = strings.Clone(text) // the event's strings share one big buffer
		l.texts = append(l.texts, text)
		l.ids[text] = id
	}
	l.admit(admission{dim, id})
	return id
}

func (l *labels) admit(a admission) {
	l.admitted[a] = struct{}{}
	l.counts[a.dim]++
}
