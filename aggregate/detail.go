package aggregate

import (
	"strconv"

	"foule.eu/foule"
)

// content counts an impression or interaction, of the name, of the piece under
// its name, and of the target.
func (d *day) content(v *visit, e *foule.Event) {
	name := d.label(foule.DimContentName, e.Content.Name)
	piece := d.label(foule.DimContentPiece, e.Content.Piece)
	keys := []key{
		plain(foule.DimContentName, name), plain(foule.DimContentPiece, piece),
		{foule.DimContentPiece, foule.DimContentName, piece, name},
	}
	if e.Content.Target != "" {
		keys = append(keys, plain(foule.DimContentTarget, d.label(foule.DimContentTarget, e.Content.Target)))
	}
	for _, k := range keys {
		if it := v.item(k); e.Content.Interaction {
			it.interactions++
		} else {
			it.hits++
		}
	}
}

// values sets the visit's custom dimensions, the last value of each being the
// visit's, and counts the action's. Those of a page view get its time.
func (d *day) values(v *visit, e *foule.Event) {
	for _, value := range e.Values {
		id := d.label(value.Dim, value.Text)
		if value.Dim.IsVisitValue() {
			if e.Time >= v.lastHit {
				v.setLabel(value.Dim, id)
			}
			continue
		}
		if !e.Kind.IsAction() || id == emptyLabel {
			continue
		}
		k := plain(value.Dim, id)
		v.item(k).hits++
		if e.Kind == foule.KindPageView && e.Time >= v.exitAt {
			v.marks = append(v.marks, k)
		}
	}
}

// progress is how far a visit came in a funnel.
type progress struct {
	funnel uint32
	step   uint8
}

// step counts a step of a funnel if the visit made those before it.
func (d *day) step(v *visit, s foule.Step) {
	p := v.progress(s)
	if p == nil || s.Number != p.step+1 {
		return
	}
	p.step++
	label := strconv.FormatUint(uint64(s.Funnel), 10) + "/" + strconv.Itoa(int(s.Number))
	d.count(v, foule.DimFunnelStep, label)
}

// progress gives how far the visit came in the step's funnel, nil if it did not
// begin and the step is not the first.
func (v *visit) progress(s foule.Step) *progress {
	for i := range v.funnels {
		if v.funnels[i].funnel == s.Funnel {
			return &v.funnels[i]
		}
	}
	if s.Number != 1 {
		return nil
	}
	v.funnels = append(v.funnels, progress{funnel: s.Funnel})
	return &v.funnels[len(v.funnels)-1]
}
