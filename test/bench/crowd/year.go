package crowd

import (
	"fmt"
	"strconv"

	"foule.eu/foule"
	"foule.eu/foule/storage"
)

// Days is a run of days, of which some are counted and the others told after them.
type Days struct {
	First   foule.Day
	Days    int
	Counted int // days counted for each day of the week; at least one
}

// Each makes the batch of each day, with the number of its hits, those after
// the same counted day one after the other: not in order of the calendar. A
// batch belongs to the callee.
func (s *Site) Each(run Days, each func(b *storage.Batch, hits int) error) error {
	for n := range 7 * run.Counted {
		var like *storage.Batch
		var hits int
		for i := n; i < run.Days; i += 7 * run.Counted {
			day := run.First + foule.Day(i)
			if like == nil {
				like, hits = s.Day(day)
			}
			if err := each(s.after(like, run.First+foule.Day(n), day), hits); err != nil {
				return err
			}
		}
	}
	return nil
}

// after tells a day's batch after that of the day from: the same counts under
// the texts of the day.
func (s *Site) after(like *storage.Batch, from, day foule.Day) *storage.Batch {
	names := translation(s.book.on(from), s.book.on(day))
	days := int64(day - from)
	b := &storage.Batch{
		Token:   fmt.Sprintf("crowd-%d/0/%d", s.ID, day),
		Minutes: append([]storage.MinuteRow(nil), like.Minutes...),
		Hours:   append([]storage.HourRow(nil), like.Hours...),
		Days:    append([]storage.DayRow(nil), like.Days...),
	}
	for i := range b.Minutes {
		b.Minutes[i].Minute += days * 1440
	}
	for i := range b.Hours {
		r := &b.Hours[i]
		r.Hour += days * 24
		r.Label = names.get(r.Dim, r.Label)
	}
	for i := range b.Days {
		r := &b.Days[i]
		r.Day = day
		r.Label, r.ByLabel = names.get(r.Dim, r.Label), names.get(r.By, r.ByLabel)
	}
	return b
}

// names gives texts of one day for those of another, by dimension.
type names [foule.NumDimensions]map[string]string

// get gives the other day's text; most texts are the same on every day.
func (n *names) get(dim foule.Dimension, text string) string {
	if to, ok := n[dim][text]; ok {
		return to
	}
	return text
}

// translation pairs the texts of two days number by number.
func translation(from, to *texts) *names {
	n := &names{}
	for d := range n {
		n[d] = map[string]string{}
	}
	pair := func(a, b string, dims ...foule.Dimension) {
		for _, d := range dims {
			n[d][a] = b
		}
	}
	list := func(a, b []string, dims ...foule.Dimension) {
		for i := range a {
			pair(a[i], b[i], dims...)
		}
	}
	for i := range from.pages {
		pair(from.pages[i].path, to.pages[i].path, foule.DimPage, foule.DimEntryPage, foule.DimExitPage, foule.DimNextPage, foule.DimPreviousPage, foule.DimPageAfterSearch)
		pair(from.pages[i].title, to.pages[i].title, foule.DimTitle, foule.DimEntryTitle, foule.DimExitTitle, foule.DimTitleAfterSearch)
	}
	for i := range from.campaigns {
		pair(from.campaigns[i].Name, to.campaigns[i].Name, foule.DimCampaign)
	}
	for i := range from.sites {
		pair(from.sites[i], to.sites[i], foule.DimSource)
		for p := range pagesOfSite {
			pair(referrerPage(from.sites[i], p), referrerPage(to.sites[i], p), foule.DimReferrerPage)
		}
	}
	for i := range from.towns {
		list(from.towns[i], to.towns[i], foule.DimCity)
	}
	for _, m := range machines {
		for _, browser := range m.browsers {
			for i := range from.versions {
				pair(browser+" "+from.versions[i], browser+" "+to.versions[i], foule.DimBrowserVersion)
			}
		}
	}
	list(from.downloads, to.downloads, foule.DimDownload)
	list(from.outlinks, to.outlinks, foule.DimOutlink)
	list(from.keywords, to.keywords, foule.DimSearch, foule.DimPreviousSearch)
	list(from.nothing, to.nothing, foule.DimSearch, foule.DimPreviousSearch, foule.DimSearchNoResult)
	return n
}

// referrerPage is a site's page, by number, that links here.
func referrerPage(host string, page int) string { return host + "/links/" + strconv.Itoa(page) }
