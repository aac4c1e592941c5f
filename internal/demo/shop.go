package demo

import (
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Shop is what a site sells and the way to the till: nobody comes to the cart
// with nothing in it, nor is thanked without having been to the checkout.
type Shop struct {
	Products               []product
	Cart, Checkout, Thanks string // paths
	Add, Buy               float64
	Shipping               float64
}

// product is sold on the page of its path.
type product struct {
	path, sku, name, category string
	price                     float64
}

// item is a product in a cart.
type item struct {
	product
	quantity int
}

func (s *Site) productAt(path string) (product, bool) {
	if s.Shop == nil {
		return product{}, false
	}
	i := slices.IndexFunc(s.Shop.Products, func(p product) bool { return p.path == path })
	if i < 0 {
		return product{}, false
	}
	return s.Shop.Products[i], true
}

// view says which product a page shows.
func (p product) view(q url.Values) {
	q.Set("_pks", p.sku)
	q.Set("_pkn", p.name)
	q.Set("_pkc", p.category)
	q.Set("_pkp", price(p.price))
}

// trade adds what happens to the cart on a page: something is put into it, or
// it is paid for.
func (w *walk) trade(p page, address string, at time.Time) {
	shop := w.site.Shop
	if shop == nil {
		return
	}
	if got, ok := w.site.productAt(p.path); ok && w.rnd.Float64() < shop.Add {
		w.put(got)
		q := w.deedAt(address, at)
		q.Set("e_c", "Shop")
		q.Set("e_a", "add to cart")
		q.Set("e_n", got.name)
		q.Set("ca", "1")
		w.add(q, at)
		w.add(w.basket(address, at), at)
	}
	if p.path == shop.Thanks && len(w.cart) > 0 {
		q := w.basket(address, at)
		q.Set("ec_id", strconv.FormatUint(w.rnd.Uint64(), 36))
		q.Set("ec_st", price(total(w.cart)))
		q.Set("ec_tx", price(total(w.cart)/6)) // of 20 %, included
		q.Set("ec_sh", price(shop.Shipping))
		q.Set("revenue", price(total(w.cart)+shop.Shipping))
		w.add(q, at)
		w.cart = nil
	}
}

func (w *walk) put(p product) {
	for i := range w.cart {
		if w.cart[i].sku == p.sku {
			w.cart[i].quantity++
			return
		}
	}
	w.cart = append(w.cart, item{p, 1 + w.rnd.IntN(6)/5})
}

// basket is a cart as a shop sends it: all that is in it, each time.
func (w *walk) basket(address string, at time.Time) url.Values {
	rows := make([][]any, len(w.cart))
	for i, it := range w.cart {
		rows[i] = []any{it.sku, it.name, it.category, it.price, it.quantity}
	}
	items, err := json.Marshal(rows)
	if err != nil {
		panic(err) // texts and numbers can always be written
	}
	q := w.deedAt(address, at)
	q.Set("idgoal", "0")
	q.Set("ec_items", string(items))
	q.Set("revenue", price(total(w.cart)))
	return q
}

func total(cart []item) (sum float64) {
	for _, it := range cart {
		sum += it.price * float64(it.quantity)
	}
	return sum
}

func price(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// allowed says whether the shop lets somebody go from one page to another.
func (w *walk) allowed(from, to page) bool {
	shop := w.site.Shop
	if shop == nil {
		return true
	}
	switch to.path {
	case shop.Cart, shop.Checkout:
		return len(w.cart) > 0
	case shop.Thanks:
		return from.path == shop.Checkout && len(w.cart) > 0
	}
	return true
}

// hurried sends those who have something in the cart towards the till more
// often than the page's own links would.
func (w *walk) hurried(from page, rnd *rand.Rand) (page, bool) {
	shop := w.site.Shop
	if shop == nil || len(w.cart) == 0 || rnd.Float64() >= shop.Buy {
		return page{}, false
	}
	switch from.path {
	case shop.Cart:
		return w.site.page(shop.Checkout), true
	case shop.Checkout:
		return w.site.page(shop.Thanks), true
	}
	return w.site.page(shop.Cart), true
}
