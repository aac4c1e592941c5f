package foule

import (
	"errors"
	"fmt"
)

// AddDimension gives the site a custom dimension under the number id, that of
// the parameter dimensionN, or the next free one if id is 0. A slot that was
// ever used is not used again: what was counted in it would be mixed up.
func (s *Site) AddDimension(id uint32, name string, scope Scope) (CustomDimension, error) {
	d := CustomDimension{ID: id, Name: name, Scope: scope}
	if scope != ScopeVisit && scope != ScopeAction {
		return d, errors.New("a custom dimension is of a visit or of an action")
	}
	next := uint32(1)
	for _, other := range s.Dimensions {
		if other.ID == id && id != 0 {
			return d, fmt.Errorf("the site has a custom dimension %d already", id)
		}
		next = max(next, other.ID+1)
		if other.Scope == scope {
			d.Slot = max(d.Slot, other.Slot+1)
		}
	}
	if d.Slot >= NumValues {
		return d, fmt.Errorf("a site has room for %d custom dimensions of a visit and as many of an action, those no longer counted included", NumValues)
	}
	if d.ID == 0 {
		d.ID = next
	}
	s.Dimensions = append(s.Dimensions, d)
	return d, nil
}

// AddFunnel gives the site a funnel under the next number.
func (s *Site) AddFunnel(name string, steps []FunnelStep) Funnel {
	f := Funnel{ID: 1, Name: name, Steps: steps}
	for _, other := range s.Funnels {
		f.ID = max(f.ID, other.ID+1)
	}
	s.Funnels = append(s.Funnels, f)
	return f
}
