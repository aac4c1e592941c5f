package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
	"foule.eu/foule/privacy/document"
)

const sayNotice = "say 'privacy-notice --site ID [--lang en|fr] [--format md|html] [--document notice|record|assessment|data]'"

// noticeCommand prints what a site has to say and to keep about its audience
// measurement. What is to be looked at first goes to standard error.
func noticeCommand(ctx context.Context, e env, args []string) error {
	f := flags("privacy-notice")
	id := f.Uint("site", 0, "")
	lang, format := f.String("lang", "en", ""), f.String("format", "md", "")
	kind := f.String("document", string(document.Notice), "")
	asJSON := f.Bool("json", false, "")
	c, store, words, err := open("privacy-notice", args, f)
	if err != nil {
		return err
	}
	defer store.Close()
	if len(words) > 0 || *id == 0 || !slices.Contains(privacy.Languages, *lang) || *format != "md" && *format != "html" {
		return fmt.Errorf("%w: %s", errUsage, sayNotice)
	}
	site, err := store.Site(ctx, foule.SiteID(*id))
	if err != nil {
		return fmt.Errorf("site %d: %w", *id, err)
	}
	in := facts(c, usualBase(c))
	doc, ok := document.Write(document.Kind(*kind), document.About{Site: &site, Install: &in, Today: todayAt(&site)}, *lang)
	if !ok {
		return fmt.Errorf("%w: %s", errUsage, sayNotice)
	}
	text := doc.Markdown()
	if *format == "html" {
		text = doc.HTML(2, true)
	}
	if *asJSON {
		return e.print(true, map[string]any{"title": doc.Title, "text": text, "draft": doc.Draft, "before": append([]string{}, doc.Before...), "gaps": append([]string{}, doc.Gaps...)}, "")
	}
	for _, note := range doc.Before {
		fmt.Fprintln(e.err, "note:", note)
	}
	for _, gap := range doc.Gaps {
		fmt.Fprintln(e.err, "to fill in:", gap)
	}
	return e.print(false, nil, "%s", strings.TrimRight(text, "\n"))
}
