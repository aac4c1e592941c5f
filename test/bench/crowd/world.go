package crowd

import (
	"math"
	"math/rand/v2"
	"strconv"

	"foule.eu/foule"
)

// world is who may come, from where and with what, and how popular the site's
// things are by their numbers. It does not change from day to day; the texts of
// numbers do, see [texts].
type world struct {
	places    choice[place]
	devices   choice[device]
	sources   choice[source]
	evergreen odds // pages that are always there
	news      odds // articles, by age in days and place among the day's
	campaigns odds
	things    odds // each of events, outlinks, downloads and keywords
}

// Width is how many different things a site has and people come from and with:
// labels, and with them rows, depend on it more than on the number of visits.
type Width struct {
	Pages     int // that are always there
	Articles  int // new ones a day; each is read for a fortnight
	Sites     int // that link here
	Towns     int // of the largest country
	Campaigns int // running at once
	Things    int // events, outlinks, keywords: about so many of each
}

// The widths measured.
var (
	Narrow = Width{Pages: 120, Articles: 1, Sites: 40, Towns: 60, Campaigns: 6, Things: 80}
	Wide   = Width{Pages: 900, Articles: 8, Sites: 400, Towns: 180, Campaigns: 12, Things: 400}
)

// newsDays is how long an article is read.
const newsDays = 14

// pagesOfSite is how many pages of a site link here.
const pagesOfSite = 4

func newWorld(seed uint64, w Width) *world {
	rng := rand.New(rand.NewPCG(seed, 1))
	var news []float64
	for age := range newsDays {
		for range w.Articles {
			news = append(news, math.Exp(rng.NormFloat64()-float64(age)/1.5))
		}
	}
	return &world{
		places:    places(rng, w.Towns),
		devices:   devices(rng),
		sources:   sources(w.Sites),
		evergreen: newOdds(zipf(w.Pages, 1.2)),
		news:      newOdds(news),
		campaigns: newOdds(zipf(w.Campaigns, 0.8)),
		things:    newOdds(zipf(w.Things, 1.2)),
	}
}

// place is where a visitor is. The town is a number among its country's.
type place struct {
	country, town int
	region        string
}

// countries are code, continent, language, hours of the clock before UTC and weight.
var countries = []struct {
	code, continent, language string
	hours                     int
	weight                    float64
}{
	{"FR", "EU", "fr-fr", 1, 48}, {"BE", "EU", "fr-be", 1, 8}, {"CH", "EU", "fr-ch", 1, 5}, {"CA", "NA", "fr-ca", -5, 5}, {"DE", "EU", "de-de", 1, 6},
	{"ES", "EU", "es-es", 1, 3}, {"IT", "EU", "it-it", 1, 3}, {"GB", "EU", "en-gb", 0, 4}, {"US", "NA", "en-us", -6, 6}, {"NL", "EU", "nl-nl", 1, 2},
	{"PT", "EU", "pt-pt", 0, 1}, {"PL", "EU", "pl-pl", 1, 1}, {"MA", "AF", "fr-ma", 1, 2}, {"DZ", "AF", "fr-dz", 1, 1.5}, {"TN", "AF", "fr-tn", 1, 1.2},
	{"SN", "AF", "fr-sn", 0, 1}, {"CI", "AF", "fr-ci", 0, 0.9}, {"CM", "AF", "fr-cm", 1, 0.6}, {"LU", "EU", "fr-lu", 1, 0.8}, {"SE", "EU", "sv-se", 1, 0.5},
	{"DK", "EU", "da-dk", 1, 0.4}, {"NO", "EU", "nb-no", 1, 0.4}, {"FI", "EU", "fi-fi", 2, 0.3}, {"AT", "EU", "de-at", 1, 0.6}, {"IE", "EU", "en-ie", 0, 0.3},
	{"CZ", "EU", "cs-cz", 1, 0.3}, {"RO", "EU", "ro-ro", 2, 0.5}, {"GR", "EU", "el-gr", 2, 0.3}, {"HU", "EU", "hu-hu", 1, 0.2}, {"BG", "EU", "bg-bg", 2, 0.2},
	{"BR", "SA", "pt-br", -3, 0.7}, {"AR", "SA", "es-ar", -3, 0.3}, {"MX", "NA", "es-mx", -6, 0.3}, {"IN", "AS", "en-in", 5, 0.8}, {"JP", "AS", "ja", 9, 0.4},
	{"CN", "AS", "zh-cn", 8, 0.4}, {"KR", "AS", "ko-kr", 9, 0.2}, {"VN", "AS", "vi-vn", 7, 0.2}, {"TR", "AS", "tr-tr", 3, 0.4}, {"LB", "AS", "fr", 2, 0.3},
	{"IL", "AS", "he-il", 2, 0.2}, {"AU", "OC", "en-au", 10, 0.4}, {"NZ", "OC", "en-nz", 12, 0.1}, {"RE", "AF", "fr-re", 4, 0.6}, {"GP", "NA", "fr-gp", -4, 0.4},
	{"MQ", "NA", "fr-mq", -4, 0.4}, {"GF", "SA", "fr-gf", -3, 0.2}, {"NC", "OC", "fr-nc", 11, 0.2}, {"MG", "AF", "fr-mg", 3, 0.2}, {"CD", "AF", "fr-cd", 1, 0.3},
	{"UA", "EU", "uk-ua", 2, 0.2}, {"EG", "AF", "ar-eg", 2, 0.1}, {"ZA", "AF", "en-za", 2, 0.1}, {"SG", "AS", "en-sg", 8, 0.1}, {"TH", "AS", "th-th", 7, 0.1},
}

// townsOf is how many a country has: the more visits come from it, the more.
func townsOf(country int, most int) int {
	return 1 + int(float64(most-1)*math.Sqrt(countries[country].weight/countries[0].weight))
}

func places(rng *rand.Rand, most int) choice[place] {
	var list []place
	var weights []float64
	for i, c := range countries {
		regions := 3 + int(2*math.Sqrt(c.weight))
		for town, share := range shares(townsOf(i, most), 1.2) {
			list = append(list, place{i, town, c.code + "-" + strconv.Itoa(10+rng.IntN(regions))})
			weights = append(weights, c.weight*share)
		}
	}
	return choose(list, weights)
}

// source is how a visit comes that no campaign brought: by a channel, from a
// name or from a site's number.
type source struct {
	channel foule.Channel
	name    string
	site    int
}

func sources(sites int) choice[source] {
	list := []source{{channel: foule.ChannelDirect}}
	weights := []float64{30}
	add := func(channel foule.Channel, weight, s float64, names ...string) {
		for i, share := range shares(len(names), s) {
			list = append(list, source{channel: channel, name: names[i]})
			weights = append(weights, weight*share)
		}
	}
	add(foule.ChannelSearch, 42, 1.9, "Google", "Bing", "DuckDuckGo", "Ecosia", "Qwant", "Yahoo!", "Brave", "Startpage", "Yandex", "Baidu", "Kagi", "Mojeek")
	add(foule.ChannelSocial, 10, 1.1, "Facebook", "Instagram", "LinkedIn", "Bluesky", "Twitter", "YouTube", "Reddit", "Pinterest", "Mastodon", "TikTok", "Threads", "WhatsApp", "Telegram")
	add(foule.ChannelAI, 5, 1.3, "ChatGPT", "Perplexity", "Gemini", "Claude", "Copilot", "Le Chat")
	add(foule.ChannelEmail, 2, 1, "Gmail", "Outlook", "Orange Mail", "Yahoo! Mail", "Proton Mail")
	for i, share := range shares(sites, 1.2) {
		list, weights = append(list, source{channel: foule.ChannelWebsite, site: i}), append(weights, 11*share)
	}
	return choose(list, weights)
}
