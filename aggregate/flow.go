package aggregate

import "foule.eu/foule"

// What follows what: the pages, searches, downloads and outlinks that come
// after a page, and the pages after a search (Matomo's Transitions). A hit that
// comes late follows nothing, since what came between is not known; nor does
// anything on a site that leaves flows alone.

// follow notes what the visitor saw before a page.
func (v *visit) follow(t int64, page, title labelID) {
	if t < v.lastHit {
		return
	}
	switch {
	case v.onPage:
		v.item(key{foule.DimNextPage, foule.DimPage, page, v.page}).hits++
		v.item(key{foule.DimPreviousPage, foule.DimPage, v.page, page}).hits++
	case v.searched:
		v.item(key{foule.DimPreviousSearch, foule.DimPage, v.keyword, page}).hits++
		v.item(plain(foule.DimPageAfterSearch, page)).hits++
		v.item(plain(foule.DimTitleAfterSearch, title)).hits++
	}
	if v.keyword != emptyLabel { // until the next search, pages are this one's
		v.item(plain(foule.DimSearch, v.keyword)).actions++
		if v.section != emptyLabel {
			v.item(plain(foule.DimSearchCategory, v.section)).actions++
		}
	}
	v.searched = false
}

// leave counts a download or outlink, in all and of the page that was left by it.
func (d *day) leave(v *visit, dim foule.Dimension, e *foule.Event) {
	id := d.count(v, dim, e.Target)
	if v.onPage && e.Time >= v.lastHit && !e.NoFlows {
		v.item(key{dim, foule.DimPage, id, v.page}).hits++
	}
}

func (d *day) search(v *visit, e *foule.Event) {
	keyword, section := d.count(v, foule.DimSearch, e.Search.Keyword), emptyLabel
	if e.Search.Category != "" {
		section = d.count(v, foule.DimSearchCategory, e.Search.Category)
	}
	if e.Search.NoResult {
		d.count(v, foule.DimSearchNoResult, e.Search.Keyword)
	}
	if v.onPage && e.Time >= v.lastHit && !e.NoFlows {
		v.item(key{foule.DimSearch, foule.DimPage, keyword, v.page}).hits++
	}
	v.onPage = false // time until the next hit is the search's, not the page's
	v.searched, v.keyword, v.section = true, keyword, section
}
