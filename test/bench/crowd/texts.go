package crowd

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"foule.eu/foule"
)

// texts are the labels in use on one day, by number. All lists are as long on
// every day, and no text stands twice in one of them.
type texts struct {
	pages     []page // the evergreen ones, then the articles
	campaigns []foule.Campaign
	sites     []string // hosts of referring sites
	towns     [][]string
	versions  []string // of browsers, by age
	downloads []string
	outlinks  []string
	keywords  []string
	nothing   []string
	events    []foule.CustomEvent
}

type page struct{ path, title string }

// book is every text that there ever is but for articles and campaigns.
type book struct {
	Width
	seed   uint64
	first  foule.Day // browsers have version 140 then
	always texts
}

func newBook(seed uint64, width Width, first foule.Day) *book {
	w := words{rand.New(rand.NewPCG(seed, 2))}
	b := &book{Width: width, seed: seed, first: first}
	b.always = texts{
		pages:     w.pages(width.Pages, "/guides/"),
		sites:     w.list(width.Sites, func(n string) string { return w.phrase(2, "-") + n + ".example" }),
		downloads: w.list(width.Things, func(n string) string { return "files.daily.example/docs/" + w.phrase(2, "-") + "-" + n + ".pdf" }),
		outlinks:  w.list(width.Things, func(n string) string { return "www." + w.phrase(1, "") + n + ".example/" + w.phrase(1, "") }),
		keywords:  w.list(width.Things, func(n string) string { return w.phrase(2, " ") + " " + n }),
		nothing:   w.list(width.Things, func(n string) string { return w.name(3) + " " + n }),
	}
	for i, c := range countries {
		b.always.towns = append(b.always.towns, w.list(townsOf(i, width.Towns), func(n string) string { return c.code + "/" + w.name(2) + "-" + w.name(1) + n }))
	}
	for i := range width.Things {
		b.always.events = append(b.always.events, foule.CustomEvent{
			Category: []string{"Reading", "Video", "Newsletter", "Share", "Form", "Menu", "Audio", "Comment"}[i%8],
			Action:   lexicon[i%25],
			Name:     w.phrase(2, " ") + " " + strconv.Itoa(i),
		})
	}
	return b
}

// on gives the texts of a day.
func (b *book) on(day foule.Day) *texts {
	rng := rand.New(rand.NewPCG(b.seed^0x7465787473, uint64(day)))
	a := &b.always
	t := &texts{
		pages: shuffled(rng, a.pages), sites: shuffled(rng, a.sites), downloads: shuffled(rng, a.downloads), outlinks: shuffled(rng, a.outlinks),
		keywords: shuffled(rng, a.keywords), nothing: shuffled(rng, a.nothing), events: a.events,
	}
	for _, towns := range a.towns {
		t.towns = append(t.towns, shuffled(rng, towns))
	}
	for age := range foule.Day(newsDays) {
		w := words{rand.New(rand.NewPCG(b.seed^0x6e657773, uint64(day-age)))}
		t.pages = append(t.pages, w.pages(b.Articles, "/news/"+(day-age).String()+"/")...)
	}
	for i := range b.Campaigns {
		t.campaigns = append(t.campaigns, b.campaign(i, day))
	}
	for age := range versionsInUse { // a release a month
		t.versions = append(t.versions, strconv.Itoa(140+int(day-b.first)/30-age*age))
	}
	return t
}

// campaign is the one that holds a place of the plan on a day: each runs some
// weeks, in its place's medium.
func (b *book) campaign(place int, day foule.Day) foule.Campaign {
	weeks := 2 + place%5
	n := (int(day) + 3*place) / (7 * weeks)
	w := words{rand.New(rand.NewPCG(b.seed^0x63616d70, uint64(n*100+place)))}
	return foule.Campaign{
		Name:   w.phrase(2, "_") + "_" + strconv.Itoa(n) + "_" + strconv.Itoa(place),
		Source: []string{"newsletter", "google", "meta", "linkedin", "newsletter", "bing", "partner", "criteo"}[place%8],
		Medium: []string{"email", "cpc", "social", "social", "email", "cpc", "affiliate", "display"}[place%8],
	}
}

func shuffled[T any](rng *rand.Rand, list []T) []T {
	out := make([]T, len(list))
	for i, j := range trade(rng, len(list)) {
		out[i] = list[j]
	}
	return out
}

// words makes up texts.
type words struct{ rng *rand.Rand }

// list makes n texts, each with its number in it.
func (w words) list(n int, text func(number string) string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = text(strconv.Itoa(i))
	}
	return list
}

func (w words) pages(n int, under string) []page {
	list := make([]page, n)
	for i := range list {
		words := w.phrase(3+w.rng.IntN(4), " ") + " " + strconv.Itoa(1000+i)
		list[i] = page{
			path:  under + strings.ReplaceAll(words, " ", "-"),
			title: strings.ToUpper(words[:1]) + words[1:] + under[len(under)-3:len(under)-1] + " – The Daily Example",
		}
	}
	return list
}

// name is a made-up name of a place or a thing.
func (w words) name(syl int) string {
	s := ""
	for range syl {
		s += syllables[w.rng.IntN(len(syllables))]
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// phrase joins n words of the lexicon.
func (w words) phrase(n int, by string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = lexicon[w.rng.IntN(len(lexicon))]
	}
	return strings.Join(list, by)
}

var syllables = []string{
	"ba", "bel", "bor", "ca", "cham", "dor", "fa", "fleur", "ga", "gran", "la", "lan", "le", "lor", "ma", "mar", "mont",
	"na", "neu", "nor", "or", "per", "pon", "ra", "ri", "roch", "sa", "ser", "ta", "tour", "va", "val", "ver", "vil", "zu",
}

var lexicon = []string{
	"how", "why", "what", "new", "guide", "city", "river", "train", "market", "school", "budget", "winter", "summer", "garden", "music",
	"film", "bread", "climate", "energy", "house", "rent", "health", "work", "travel", "coast", "mountain", "vote", "council", "museum",
	"football", "review", "history", "science", "ocean", "forest", "design", "street", "light", "night", "morning", "coffee", "recipe",
	"letters", "opinion", "report", "data", "privacy", "paris", "lyon", "brussels", "europe", "young", "old", "small", "great", "quiet",
}
