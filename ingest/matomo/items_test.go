package matomo

import (
	"fmt"
	"strings"
	"testing"

	"foule.eu/foule/anonymize"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var itemCases = []struct {
	name, in string
	want     []anonymize.Item
}{
	{"nothing", "", nil},
	{"empty list", "[]", nil},
	{"no list", `{"sku":"a"}`, nil},
	{"broken", `[["a","b"`, nil},
	{"something behind", `[["a"]] x`, nil},
	{"as matomo.js sends it", `[["S1","Blue Boots",["Boots","Winter"],49.9,2]]`,
		[]anonymize.Item{{SKU: "S1", Name: "Blue Boots", Categories: []string{"Boots", "Winter"}, Price: 49.9, Quantity: 2}}},
	{"a number is enough", `[["S1"],["S2",""]]`, []anonymize.Item{{SKU: "S1", Quantity: 1}, {SKU: "S2", Quantity: 1}}},
	{"without number", `[["","x"],[],null,7,{"a":[1]},[null,"x"],["S1"]]`, []anonymize.Item{{SKU: "S1", Quantity: 1}}},
	{"numbers as text", `[[42,"x","c","12.50","3"]]`, []anonymize.Item{{SKU: "42", Name: "x", Categories: []string{"c"}, Price: 12.5, Quantity: 3}}},
	{"at most five categories", `[["S","x",["a","b","","c","d","e","f"]]]`, []anonymize.Item{{SKU: "S", Name: "x", Categories: []string{"a", "b", "c", "d", "e"}, Quantity: 1}}},
	{"hostile numbers", `[["a","","","NaN",-3],["b","","",1e308,1e9],["c","","","12,50","x"],["d","","",-5,0.5]]`, []anonymize.Item{
		{SKU: "a", Quantity: 1}, {SKU: "b", Quantity: maxQuantity}, {SKU: "c", Quantity: 1}, {SKU: "d", Price: -5, Quantity: 1},
	}},
	{"more than anybody reads", `[["S","n",["c"],1,1,{"more":[1,2]},"x"]]`, []anonymize.Item{{SKU: "S", Name: "n", Categories: []string{"c"}, Price: 1, Quantity: 1}}},
	{"line breaks and NUL", `[["S\u0000\n1","  x "]]`, []anonymize.Item{{SKU: "S1", Name: "x", Quantity: 1}}},
}

func TestReadItems(t *testing.T) {
	for _, tt := range itemCases {
		if diff := cmp.Diff(tt.want, readItems(tt.in), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: want -, got +\n%s", tt.name, diff)
		}
	}
	var many strings.Builder
	for i := range 2 * maxItems {
		fmt.Fprintf(&many, `,["S%d"]`, i)
	}
	if got := readItems("[" + many.String()[1:] + "]"); len(got) != maxItems {
		t.Errorf("%d items of an endless order, want %d", len(got), maxItems)
	}
}

func FuzzReadItems(f *testing.F) {
	for _, tt := range itemCases {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, it := range readItems(in) {
			if it.SKU == "" || it.Quantity < 1 || it.Quantity > maxQuantity || len(it.Categories) > maxCategories || it.Price > maxAmount {
				t.Errorf("readItems(%q) gives %+v", in, it)
			}
		}
		readCategories(in)
	})
}
