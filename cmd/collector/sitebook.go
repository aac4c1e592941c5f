package main

import (
	"context"
	"log/slog"
	"sync/atomic"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/storage"
)

// siteBook stands between the tracking side and its store and remembers the
// sites that it was told last, for the public pages: they ask no store, and are
// there while it is away.
type siteBook struct {
	storage.Writer
	install privacy.Install
	log     *slog.Logger
	sites   atomic.Pointer[[]foule.Site]
	warned  atomic.Bool // a contradiction was found, and said
}

// Sites asks the store, and remembers.
func (b *siteBook) Sites(ctx context.Context) ([]foule.Site, error) {
	list, err := b.Writer.Sites(ctx)
	if err == nil {
		b.take(list)
	}
	return list, err
}

// take remembers. A preset that the installation contradicts, chosen elsewhere
// while this process runs, stops nobody's hits: it is said once, and at the next
// start it is a refusal.
func (b *siteBook) take(list []foule.Site) {
	first := b.sites.Swap(&list) == nil
	if err := contradictions(&b.install, list); err == nil {
		b.warned.Store(false)
	} else if !first && !b.warned.Swap(true) {
		b.log.Error("a site's preset contradicts this installation's settings: the next start will be refused until one of them is changed", "error", err)
	}
}

// told says whether there is anything to remember.
func (b *siteBook) told() bool { return b.sites.Load() != nil }

// known gives what was told last.
func (b *siteBook) known() []foule.Site {
	if list := b.sites.Load(); list != nil {
		return *list
	}
	return nil
}

// find gives a site by its number.
func (b *siteBook) find(id foule.SiteID) (*foule.Site, bool) {
	list := b.known()
	for i := range list {
		if list[i].ID == id {
			return &list[i], true
		}
	}
	return nil, false
}
