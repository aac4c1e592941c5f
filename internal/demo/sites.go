package demo

import (
	"strconv"
	"time"
)

// Site is a made-up site.
type Site struct {
	Name, Base, Host, Timezone string
	Now                        time.Time
	Daily                      int        // visits on an ordinary day of today
	Week                       [7]float64 // factor by weekday, from Sunday
	SpikeAge                   int        // days ago when everybody came; 0 for never
	Spike                      source
	Bias                       map[string]float64 // factor by country
	Sources                    []source
	Pages                      []page
	Goals                      []Goal
	Dimensions                 []Dimension
	Funnels                    []Funnel
	Shop                       *Shop   // nil for a site that sells nothing
	Slow                       float64 // factor on the time that pages take to load
}

// Dimension is a custom dimension to be declared for the site.
type Dimension struct {
	Number  int // N of the parameter dimensionN
	Name    string
	OfVisit bool // else of an action: the section of the page
	values  []string
	weights []float64
}

func (d *Dimension) param() string { return "dimension" + strconv.Itoa(d.Number) }

// dimension gives the site's dimension of a visit or of an action, if it has one.
func (s *Site) dimension(ofVisit bool) *Dimension {
	for i := range s.Dimensions {
		if s.Dimensions[i].OfVisit == ofVisit {
			return &s.Dimensions[i]
		}
	}
	return nil
}

// Funnel is a funnel to be declared for the site.
type Funnel struct {
	Name  string
	Steps []Step
}

// Step is a step of a funnel: a page whose address holds the pattern, or the
// site's goal of that number, counted from 1.
type Step struct {
	Name, Pattern string
	Goal          int
}

// Goal is a goal to be set up for the site.
type Goal struct {
	Name, Match, Pattern string
	RevenueMinor         int64
}

// page is a page with the share of visits that begin there, where it leads and
// what people do on it.
type page struct {
	path, title string
	entry       float64
	next        []string
	deeds       []deed
}

// deed is something that a share of page views does; each parameter takes one
// of its values.
type deed struct {
	chance float64
	params map[string][]string
}

// source is where visits come from.
type source struct {
	weight        float64
	ref, campaign string
	landing       string
}

// banner is a picture that is shown to some of those who see a page, and that
// some of them follow.
func banner(piece, target string, shown, followed float64) []deed {
	content := func(more ...string) map[string][]string {
		params := map[string][]string{"c_n": {"Bannière"}, "c_p": {piece}, "c_t": {target}, "ca": {"1"}}
		if len(more) > 0 {
			params["c_i"] = more
		}
		return params
	}
	return []deed{{shown, content()}, {followed, content("click")}}
}

var plainSources = []source{
	{weight: 30},
	{weight: 27, ref: "https://www.google.com/"},
	{weight: 6, ref: "https://www.google.fr/"},
	{weight: 4, ref: "https://www.bing.com/"},
	{weight: 4, ref: "https://duckduckgo.com/"},
	{weight: 2, ref: "https://www.qwant.com/"},
	{weight: 2, ref: "https://www.ecosia.org/"},
	{weight: 3, ref: "https://chatgpt.com/"},
	{weight: 1, ref: "https://www.perplexity.ai/"},
	{weight: 2, ref: "https://www.facebook.com/"},
	{weight: 2, ref: "https://l.instagram.com/"},
	{weight: 2, ref: "https://www.linkedin.com/"},
	{weight: 1.5, ref: "https://bsky.app/"},
	{weight: 1, ref: "https://t.co/x"},
	{weight: 0.7, ref: "https://mail.google.com/"},
}

// plain gives the usual sources and more.
func plain(more ...source) []source { return append(append([]source{}, plainSources...), more...) }

// Sites gives the made-up sites as of now.
func Sites(now time.Time) []*Site { return []*Site{shop(now), magazine(now), manual(now)} }

func shop(now time.Time) *Site {
	look := []deed{
		{0.05, map[string][]string{"e_c": {"Product"}, "e_a": {"zoom"}, "e_n": {"photo"}, "ca": {"1"}}},
	}
	return &Site{
		Name: "Atelier Lumen", Base: "https://www.atelier-lumen.example", Host: "atelier-lumen.example", Timezone: "Europe/Paris", Now: now,
		Daily: 420, Week: [7]float64{1.15, 0.95, 0.92, 0.95, 0.9, 0.88, 1.1},
		SpikeAge: 23, Spike: source{ref: "https://www.youtube.com/watch", landing: "/lampes/nuage"},
		Bias: map[string]float64{"FR": 1, "BE": 1, "CH": 1, "CA": 0.4, "DE": 0.5, "ES": 0.6, "IT": 0.7, "GB": 0.5, "US": 0.3, "NL": 0.5, "LU": 1, "PT": 0.5, "MA": 0.3},
		Sources: plain(
			source{weight: 7, campaign: "mtm_campaign=automne&mtm_source=newsletter&mtm_medium=email", landing: "/collections/automne"},
			source{weight: 5, campaign: "utm_campaign=soldes&utm_source=meta&utm_medium=cpc&utm_content=video", landing: "/soldes"},
			source{weight: 3, campaign: "utm_campaign=marque&utm_source=google&utm_medium=cpc&utm_term=lampe+papier", landing: "/"},
			source{weight: 3, ref: "https://www.marieclaire.fr/maison/lampes"},
			source{weight: 2, ref: "https://www.pinterest.fr/pin/1"},
			source{weight: 1, ref: "https://blog.deco-douce.example/2025/nos-lampes"},
		),
		Pages: []page{
			{"/", "Atelier Lumen – lampes en papier", 40, []string{"/lampes", "/collections/automne", "/atelier"}, append(banner("automne.jpg", "/collections/automne", 0.4, 0.05), banner("atelier.jpg", "/atelier", 0.2, 0.02)...)},
			{"/lampes", "Toutes les lampes", 14, []string{"/lampes/nuage", "/lampes/galet", "/lampes/voile"}, []deed{{0.06, map[string][]string{"search": {"abat-jour", "lampe de chevet", "papier washi", "ampoule"}, "search_cat": {"Lampes", "Accessoires"}, "search_count": {"4", "9", "0"}}}}},
			{"/lampes/nuage", "Lampe Nuage", 12, []string{"/lampes", "/livraison", "/lampes/nuage"}, look},
			{"/lampes/galet", "Lampe Galet", 7, []string{"/lampes", "/livraison", "/lampes/nuage"}, look},
			{"/lampes/voile", "Suspension Voile", 6, []string{"/lampes", "/livraison", "/lampes/nuage"}, look},
			{"/collections/automne", "Collection d’automne", 5, []string{"/lampes/nuage", "/lampes/galet"}, nil},
			{"/soldes", "Soldes", 4, []string{"/lampes/galet", "/lampes/voile"}, banner("soldes.jpg", "/lampes/galet", 0.5, 0.08)},
			{"/panier", "Panier", 0, []string{"/commande", "/lampes"}, nil},
			{"/commande", "Commande", 0, []string{"/merci"}, nil},
			{"/merci", "Merci !", 0, []string{"/"}, nil},
			{"/atelier", "L’atelier", 4, []string{"/lampes", "/contact"}, []deed{{0.1, map[string][]string{"link": {"https://www.instagram.com/atelier.lumen/", "https://www.openstreetmap.org/"}}}}},
			{"/contact", "Contact", 2, nil, nil},
			{"/livraison", "Livraison et retours", 3, nil, []deed{{0.15, map[string][]string{"download": {"https://www.atelier-lumen.example/docs/notice-nuage.pdf", "https://www.atelier-lumen.example/docs/catalogue.pdf"}}}}},
		},
		Goals: []Goal{{"Page de remerciement", "url", "/merci", 0}, {"Catalogue téléchargé", "file", ".pdf", 0}, {"Ajout au panier", "event_action", "add to cart", 0}},
		Dimensions: []Dimension{
			{Number: 1, Name: "Compte client", OfVisit: true, values: []string{"invité", "client", "pro"}, weights: []float64{70, 24, 6}},
			{Number: 2, Name: "Rayon"},
		},
		Funnels: []Funnel{{"Achat", []Step{{"Fiche produit", "/lampes/", 0}, {"Panier", "/panier", 0}, {"Commande", "/commande", 0}, {"Merci", "", 1}}}},
		Shop: &Shop{
			Products: []product{
				{"/lampes/nuage", "LUM-01", "Lampe Nuage", "Lampes", 79},
				{"/lampes/galet", "LUM-02", "Lampe Galet", "Lampes", 64.5},
				{"/lampes/voile", "LUM-07", "Suspension Voile", "Suspensions", 149},
			},
			Cart: "/panier", Checkout: "/commande", Thanks: "/merci", Add: 0.17, Buy: 0.66, Shipping: 6.9,
		},
		Slow: 1.1,
	}
}

func magazine(now time.Time) *Site {
	read := []deed{{0.35, map[string][]string{"e_c": {"Reading"}, "e_a": {"read to end"}, "e_n": {"article"}, "ca": {"1"}}}}
	articles := []page{}
	for i, a := range [][2]string{
		{"traboules-secretes", "Les traboules secrètes"}, {"bouchons-du-dimanche", "Où bruncher le dimanche"}, {"quais-de-saone", "Marcher le long de la Saône"},
		{"fete-des-lumieres", "Fête des Lumières : le guide"}, {"marche-croix-rousse", "Le marché de la Croix-Rousse"}, {"velo-lyon", "Lyon à vélo en 7 balades"},
		{"cafes-pour-travailler", "Cafés où travailler"}, {"musee-confluences", "Une après-midi aux Confluences"}, {"librairies", "Nos librairies préférées"},
		{"parc-tete-d-or", "Le parc de la Tête d’Or sous la pluie"},
	} {
		articles = append(articles, page{"/" + a[0], a[1], 22 / float64(i+1), []string{"/", "/agenda"}, read})
	}
	return &Site{
		Name: "Carnet de Lyon", Base: "https://carnet-lyon.example", Host: "carnet-lyon.example", Timezone: "Europe/Paris", Now: now,
		Daily: 240, Week: [7]float64{1.25, 0.9, 0.9, 0.95, 1, 1.1, 1.2},
		SpikeAge: 48, Spike: source{ref: "https://news.google.com/", landing: "/fete-des-lumieres"},
		Bias: map[string]float64{"FR": 1.2, "BE": 0.7, "CH": 1.2, "CA": 0.5, "DE": 0.2, "GB": 0.3, "US": 0.3, "IT": 0.4, "ES": 0.3, "SN": 0.5, "MA": 0.6, "LU": 0.6},
		Sources: plain(
			source{weight: 5, campaign: "mtm_campaign=lettre-du-jeudi&mtm_source=newsletter&mtm_medium=email", landing: "/"},
			source{weight: 3, ref: "https://www.rue89lyon.fr/agenda"}, source{weight: 2, ref: "https://mastodon.social/@carnet"}, source{weight: 2, ref: "https://www.reddit.com/r/Lyon/"},
		),
		Pages: append([]page{
			{"/", "Carnet de Lyon", 24, []string{"/traboules-secretes", "/velo-lyon", "/agenda", "/librairies"}, []deed{{0.05, map[string][]string{"search": {"brunch", "piscine", "marché de noël", "randonnée"}, "search_count": {"3", "12", "0"}}}}},
			{"/agenda", "L’agenda", 8, []string{"/fete-des-lumieres", "/"}, []deed{{0.2, map[string][]string{"link": {"https://www.tcl.fr/", "https://www.lyon.fr/", "https://www.auditorium-lyon.com/"}}}}},
			{"/a-propos", "À propos", 2, nil, []deed{{0.3, map[string][]string{"e_c": {"Newsletter"}, "e_a": {"subscribe"}, "e_n": {"footer"}, "ca": {"1"}}}}},
		}, articles...),
		Goals: []Goal{{"Inscription à la lettre", "event_action", "subscribe", 0}},
		Slow:  1.5,
	}
}

func manual(now time.Time) *Site {
	return &Site{
		Name: "Marée Docs", Base: "https://docs.maree.example", Host: "docs.maree.example", Timezone: "UTC", Now: now,
		Daily: 130, Week: [7]float64{0.35, 1.2, 1.25, 1.25, 1.2, 1.05, 0.4},
		Bias: map[string]float64{"FR": 0.4, "DE": 1.5, "US": 2.2, "GB": 1.4, "IN": 3, "NL": 1.4, "PL": 1.5, "SE": 1.5, "BR": 2, "JP": 2, "CA": 1, "ES": 0.6, "AU": 2, "IT": 0.6},
		Sources: plain(
			source{weight: 9, ref: "https://github.com/maree/maree"}, source{weight: 4, ref: "https://news.ycombinator.com/item"},
			source{weight: 3, ref: "https://stackoverflow.com/questions/1"}, source{weight: 4, ref: "https://claude.ai/"}, source{weight: 2, ref: "https://lobste.rs/s/1"},
		),
		Pages: []page{
			{"/", "Marée documentation", 26, []string{"/install", "/quickstart", "/api"}, nil},
			{"/install", "Install", 14, []string{"/quickstart", "/configuration"}, []deed{{0.22, map[string][]string{"download": {"https://docs.maree.example/dl/maree-1.8.tar.gz", "https://docs.maree.example/dl/maree-1.8.deb", "https://docs.maree.example/dl/maree-1.7.tar.gz"}}}, {0.3, map[string][]string{"e_c": {"Code"}, "e_a": {"copy"}, "e_n": {"install command"}, "ca": {"1"}}}}},
			{"/quickstart", "Quickstart", 16, []string{"/configuration", "/api"}, nil},
			{"/configuration", "Configuration", 11, []string{"/api", "/faq"}, []deed{{0.12, map[string][]string{"search": {"tls", "proxy", "docker", "retention", "webhook"}, "search_count": {"2", "7", "0"}}}}},
			{"/api", "API reference", 12, []string{"/api/authentication", "/api/errors"}, nil},
			{"/api/authentication", "Authentication", 6, []string{"/api/errors"}, nil},
			{"/api/errors", "Errors", 5, nil, nil},
			{"/faq", "Questions and answers", 6, nil, []deed{{0.1, map[string][]string{"link": {"https://github.com/maree/maree/issues"}}}}},
			{"/changelog", "Changelog", 4, nil, nil},
		},
		Goals: []Goal{{"Download", "file", "/dl/", 0}, {"Quickstart read", "url", "/quickstart", 0}},
		Dimensions: []Dimension{
			{Number: 1, Name: "Plan", OfVisit: true, values: []string{"free", "team", "enterprise"}, weights: []float64{60, 30, 10}},
			{Number: 2, Name: "Section"},
		},
		Funnels: []Funnel{{"From install to configured", []Step{{"Install", "/install", 0}, {"Quickstart", "/quickstart", 0}, {"Configuration", "/configuration", 0}}}},
		Slow:    0.6,
	}
}
