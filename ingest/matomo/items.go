package matomo

import (
	"math"
	"strconv"

	"foule.eu/foule/anonymize"
)

const (
	// maxItems bounds the products of one order or cart.
	maxItems = 500
	// maxItemText bounds a product's number, name and categories, in characters.
	maxItemText = 200
	// maxCategories is how many categories of a product Matomo keeps.
	maxCategories = 5
	// maxQuantity bounds what is bought of one product at a time.
	maxQuantity = 100_000
)

// viewed gives the product of the page, to be filled in.
func (p *Params) viewed() *anonymize.Item {
	if p.Hit.Viewed == nil {
		p.Hit.Viewed = &anonymize.Item{Quantity: 1}
	}
	return p.Hit.Viewed
}

// readItems reads ec_items: a JSON array of [sku, name, categories, price,
// quantity], of which only the first is needed (tracking.md §11). What is no
// array gives no items; an item without a number is left out.
func readItems(text string) []anonymize.Item {
	sc := scanner{s: text}
	if sc.peek() != '[' {
		return nil
	}
	sc.i++
	var items []anonymize.Item
	for first := true; sc.more(&first, ']'); {
		it, ok := sc.item()
		if ok && !sc.bad && len(items) < maxItems {
			items = append(items, it)
		}
	}
	if sc.bad || sc.peek() != 0 {
		return nil
	}
	return items
}

func (sc *scanner) item() (it anonymize.Item, ok bool) {
	it.Quantity = 1
	if sc.peek() != '[' {
		sc.skip(maxDepth)
		return it, false
	}
	sc.i++
	i := 0
	for first := true; sc.more(&first, ']'); i++ {
		switch i {
		case 0:
			it.SKU = sc.itemText()
		case 1:
			it.Name = sc.itemText()
		case 2:
			it.Categories = sc.categories()
		case 3:
			it.Price = money(sc.scalar())
		case 4:
			it.Quantity = quantity(sc.scalar())
		default:
			sc.skip(maxDepth)
		}
	}
	return it, it.SKU != ""
}

// itemText reads a text, fit for anonymize.Hit.
func (sc *scanner) itemText() string { return cut(trim(clean(sc.scalar())), maxItemText) }

// categories reads one category or an array of them.
func (sc *scanner) categories() (list []string) {
	if sc.peek() != '[' {
		return appendCategory(nil, sc.itemText())
	}
	sc.i++
	for first := true; sc.more(&first, ']'); {
		list = appendCategory(list, sc.itemText())
	}
	return list
}

func appendCategory(list []string, category string) []string {
	if category == "" || len(list) >= maxCategories {
		return list
	}
	return append(list, category)
}

// readCategories reads _pkc: one category, or a JSON array of them.
func readCategories(text string) []string {
	sc := scanner{s: text}
	if sc.peek() == '[' {
		if list := sc.categories(); !sc.bad && sc.peek() == 0 {
			return list
		}
	}
	return appendCategory(nil, cut(text, maxItemText))
}

func money(s string) float64 {
	f, ok := parseFloat(trim(s))
	if !ok || math.Abs(f) > maxAmount {
		return 0
	}
	return f
}

// quantity is at least 1, as in Matomo.
func quantity(s string) int64 {
	f, err := strconv.ParseFloat(trim(s), 64)
	if err != nil || !(f >= 1) {
		return 1
	}
	return int64(min(f, maxQuantity))
}
