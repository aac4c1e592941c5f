package aggregate

import (
	"slices"

	"foule.eu/foule"
)

// cartEntry is what a cart put under a key, to be taken out again when the cart
// changes or is ordered.
type cartEntry struct {
	key
	revenue  int64
	quantity int32
}

// basket counts what an e-commerce hit says (tracking.md §11): products seen, a
// cart in place of the visit's former one, or an order, which takes the cart.
func (d *day) basket(v *visit, e *foule.Event) {
	b := &e.Basket
	switch b.Kind {
	case foule.BasketView:
		for i := range b.Products {
			for _, k := range d.products(&b.Products[i], foule.DimProductSKU, foule.DimProduct, foule.DimProductCategory) {
				v.item(k).hits++
			}
		}
	case foule.BasketCart:
		v.emptyCart()
		d.fillCart(v, b)
	case foule.BasketOrder:
		v.emptyCart()
		d.order(v, b)
	}
}

// products gives the keys of a product: its number, name and different categories.
func (d *day) products(p *foule.Product, sku, name, category foule.Dimension) []key {
	keys := []key{plain(sku, d.label(sku, p.SKU)), plain(name, d.label(name, p.Name))}
	for _, c := range p.Categories {
		if k := plain(category, d.label(category, c)); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

func (d *day) order(v *visit, b *foule.Basket) {
	entries := d.entries(b, foule.DimProductSKU, foule.DimProduct, foule.DimProductCategory)
	entries = append(entries, d.sum(b, foule.LabelOrder))
	for _, e := range entries {
		v.add(e, 1)
	}
	for _, part := range []struct {
		label  string
		amount int64
	}{
		{foule.LabelSubtotal, b.Subtotal}, {foule.LabelTax, b.Tax}, {foule.LabelShipping, b.Shipping}, {foule.LabelDiscount, b.Discount},
	} {
		if part.amount != 0 {
			v.item(plain(foule.DimBasket, d.label(foule.DimBasket, part.label))).revenue += part.amount
		}
	}
}

func (d *day) fillCart(v *visit, b *foule.Basket) {
	if len(b.Products) == 0 && b.Revenue == 0 { // emptied
		return
	}
	v.cart = d.entries(b, foule.DimCartSKU, foule.DimCartProduct, foule.DimCartCategory)
	v.cart = append(v.cart, d.sum(b, foule.LabelCart))
	for i := range v.cart {
		v.cart[i] = v.add(v.cart[i], 1)
	}
}

func (v *visit) emptyCart() {
	for _, e := range v.cart {
		v.add(e, -1)
	}
	v.cart = nil
}

// maxEntries bounds the keys under which one basket counts; beyond them, its
// products are (other).
const maxEntries = 500

// entries sums a basket's products by key: an order of two sizes of a shoe is
// one order of that shoe.
func (d *day) entries(b *foule.Basket, sku, name, category foule.Dimension) (entries []cartEntry) {
	places := map[key]int{}
	for i := range b.Products {
		p := &b.Products[i]
		for _, k := range d.products(p, sku, name, category) {
			if _, known := places[k]; !known && len(entries) >= maxEntries {
				k = k.other()
			}
			at, known := places[k]
			if !known {
				at = len(entries)
				entries, places[k] = append(entries, cartEntry{key: k}), at
			}
			entries[at].revenue += p.Price * p.Quantity
			entries[at].quantity += int32(p.Quantity)
		}
	}
	return entries
}

// sum is the basket as a whole.
func (d *day) sum(b *foule.Basket, label string) cartEntry {
	e := cartEntry{key: plain(foule.DimBasket, d.label(foule.DimBasket, label)), revenue: b.Revenue}
	for i := range b.Products {
		e.quantity += int32(b.Products[i].Quantity)
	}
	return e
}

// maxSold bounds a visit's quantity under a key, within an item's 32 bits: no
// visit buys so much, but a program that sends orders without end would.
const maxSold = 1 << 30

// add counts an entry, or takes it back, and gives it as it was counted: under
// (other) if the visit has too many keys, without quantity if it bought too much.
func (v *visit) add(e cartEntry, sign int32) cartEntry {
	it := v.item(e.key)
	e.key = it.key
	if sign > 0 && it.quantity > maxSold-e.quantity {
		e.quantity = 0
	}
	it.conversions += sign
	it.revenue += int64(sign) * e.revenue
	it.quantity += sign * e.quantity
	return e
}
