package anonymize

import (
	"hash/maphash"

	"foule.eu/foule"
)

// values gives the site's custom dimensions that the hit sets. Those that the
// site does not have are dropped at the door, and counted as such.
func (s *Site) values(e *foule.Event, h *Hit) {
	e.VisitValues = s.visitValues
	for _, d := range h.Dimensions {
		if dim, ok := s.dimensions[d.ID]; ok {
			e.Values = append(e.Values, foule.CustomValue{Dim: dim, Text: s.text(d.Value)})
		} else {
			e.Dropped.Add(foule.DroppedDimension)
		}
	}
}

// basket is what the hit says of products: an order or a cart, or what a page
// view shows.
func (s *Site) basket(e *foule.Event, h *Hit) {
	switch {
	case h.Goal == 0 && h.OrderID != "":
		e.Basket = foule.Basket{
			Kind: foule.BasketOrder, Revenue: minor(h.Revenue), Subtotal: minor(h.Subtotal),
			Tax: minor(h.Tax), Shipping: minor(h.Shipping), Discount: minor(h.Discount),
		}
	case h.Goal == 0:
		e.Basket = foule.Basket{Kind: foule.BasketCart, Revenue: minor(h.Revenue)}
	case h.Viewed != nil && e.Kind == foule.KindPageView:
		e.Basket = foule.Basket{Kind: foule.BasketView, Products: []foule.Product{s.product(h.Viewed)}}
		return
	default:
		return
	}
	for i := range h.Items {
		e.Basket.Products = append(e.Basket.Products, s.product(&h.Items[i]))
	}
}

func (s *Site) product(it *Item) foule.Product {
	p := foule.Product{SKU: s.text(it.SKU), Name: s.text(it.Name), Price: minor(it.Price), Quantity: max(it.Quantity, 1)}
	p.Price = max(-maxMinor/p.Quantity, min(p.Price, maxMinor/p.Quantity)) // what is bought of one product is an amount too
	for _, c := range it.Categories {
		p.Categories = append(p.Categories, s.text(c))
	}
	return p
}

// PageView makes of a page view's id a number that tells the page views of one
// visit apart and nothing else: sixteen bits of a hash under a seed of this
// process. The day's secret has no part in it, since the number goes into the
// journal (invariant I8). 0 is no id.
func (s *Secrets) PageView(id string) uint16 {
	if id == "" {
		return 0
	}
	return max(uint16(maphash.String(s.seed, id)), 1)
}
