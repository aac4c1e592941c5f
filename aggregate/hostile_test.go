package aggregate

import (
	"fmt"
	"testing"

	"foule.eu/foule"
)

// hostile plays the hits of one visitor and gives the state of his day.
func hostile(hits ...hit) (*day, *tables) {
	s, tb := New(), newTables()
	events := make([]foule.Event, len(hits))
	for i, h := range hits {
		events[i] = foule.Event{Site: 1, Day: 100, Time: noon + h.at, Visitor: 1, Kind: foule.KindPageView, Channel: foule.ChannelDirect}
		h.with(&events[i])
	}
	tb.apply(play(s, DefaultSettings, 0, events))
	return s.days[dayKey{1, 100}], tb
}

// TestManyPairs: who goes from page to page without end takes no more memory
// than a visit may; what he did is still counted.
func TestManyPairs(t *testing.T) {
	const pages = 5000
	var hits []hit
	for i := range int64(pages) {
		hits = append(hits, view(i, fmt.Sprint("/", i)))
	}
	d, tb := hostile(hits...)
	if n := len(d.visitors[1].visits[0].items); n > maxItems+maxPairItems+50 {
		t.Errorf("a visit of %d pages has %d items", pages, n)
	}
	var followed int64
	for r, m := range tb.days {
		if r.Dim == foule.DimNextPage {
			followed += m[foule.Hits]
		}
	}
	if followed != pages-1 {
		t.Errorf("%d pages followed another, want %d", followed, pages-1)
	}
}

// cart is a cart or order of so many products, each in five categories, all of
// them different from one n to the next.
func cart(at int64, kind foule.BasketKind, products, n int) hit {
	return hit{at, func(e *foule.Event) {
		e.Kind = foule.KindConversion
		e.Basket = foule.Basket{Kind: kind, Revenue: 100}
		for i := range products {
			p := foule.Product{SKU: fmt.Sprint(n, "-", i), Name: fmt.Sprint("name ", n, "-", i), Price: 1, Quantity: 100_000}
			for c := range 5 {
				p.Categories = append(p.Categories, fmt.Sprint("category ", n, "-", i, "-", c))
			}
			e.Basket.Products = append(e.Basket.Products, p)
		}
	}}
}

// TestLargeCarts: carts of hundreds of products, filled again and again, cost a
// visit no more than its room; what they put in is taken out again.
func TestLargeCarts(t *testing.T) {
	var hits []hit
	for i := range 20 {
		hits = append(hits, cart(int64(i), foule.BasketCart, 500, i))
	}
	d, tb := hostile(hits...)
	v := &d.visitors[1].visits[0]
	if len(v.items) > maxItems+20 || len(v.cart) > maxEntries+10 {
		t.Errorf("a visit with a large cart has %d items and %d entries", len(v.items), len(v.cart))
	}
	var quantity int64
	for r, m := range tb.days {
		if r.Dim == foule.DimCartSKU && r.By == foule.DimTotal {
			quantity += m[foule.Quantity]
		}
	}
	if whole := tb.day(foule.DimBasket, foule.LabelCart); quantity != 500*100_000 || whole[foule.Quantity] != quantity || whole[foule.Conversions] != 1 {
		t.Errorf("the last cart has %d pieces, as a whole %v", quantity, whole)
	}
	_, tb = hostile(append(hits, cart(30, foule.BasketCart, 0, 0), view(31, "/"))...)
	for r, m := range tb.days {
		if r.Dim == foule.DimCartSKU && r.By == foule.DimTotal && (m[foule.Quantity] != 0 || m[foule.Revenue] != 0) {
			t.Errorf("of carts that were emptied there is %v %v", r, m)
		}
	}
}

// TestOrdersWithoutEnd: what one visit buys never turns negative.
func TestOrdersWithoutEnd(t *testing.T) {
	var hits []hit
	for i := range 60 {
		hits = append(hits, cart(int64(i), foule.BasketOrder, 500, 1))
	}
	_, tb := hostile(hits...)
	for r, m := range tb.days {
		if m[foule.Quantity] < 0 || m[foule.Revenue] < 0 {
			t.Errorf("%v has %v", r, m)
		}
	}
	if m := tb.day(foule.DimBasket, foule.LabelOrder); m[foule.Conversions] != 60 {
		t.Errorf("orders: %v", m)
	}
}

// TestManyImports: neither names nor requests of imports are remembered without end.
func TestManyImports(t *testing.T) {
	s := New()
	for i := range uint64(3 * maxImports) {
		s.TakePart(foule.Part{Import: i + 1, Request: 1})
	}
	if n := len(s.imports.parts); n > maxImports || n != len(s.imports.order) || n != s.imports.total {
		t.Errorf("%d imports are remembered, %d in order, %d parts", n, len(s.imports.order), s.imports.total)
	}
	last := foule.Part{Import: 3 * maxImports, Request: 1}
	if !s.HasPart(last) || s.HasPart(foule.Part{Import: 1, Request: 1}) {
		t.Error("not the newest are remembered")
	}
	for i := range uint64(maxParts + 10) {
		s.TakePart(foule.Part{Import: 7, Request: i})
	}
	if s.imports.total > maxParts || s.imports.total != len(s.imports.parts[7]) {
		t.Errorf("%d parts are remembered, %d of the import", s.imports.total, len(s.imports.parts[7]))
	}
}
