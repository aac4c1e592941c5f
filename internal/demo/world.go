package demo

// place is a country with its towns, the most visited first.
type place struct {
	country, lang string
	hours         int // of the local clock before UTC
	weight        float64
	towns         []town
}

type town struct{ city, region string }

var places = []place{
	{"FR", "fr-FR,fr;q=0.9,en;q=0.6", 1, 46, []town{{"Paris", "IDF"}, {"Lyon", "ARA"}, {"Marseille", "PAC"}, {"Toulouse", "OCC"}, {"Nantes", "PDL"}, {"Lille", "HDF"}, {"Rennes", "BRE"}, {"Strasbourg", "GES"}}},
	{"BE", "fr-BE,fr;q=0.9,nl;q=0.5", 1, 8, []town{{"Brussels", "BRU"}, {"Liège", "WLG"}, {"Ghent", "VOV"}}},
	{"CH", "fr-CH,fr;q=0.9,de;q=0.6", 1, 6, []town{{"Geneva", "GE"}, {"Lausanne", "VD"}, {"Zurich", "ZH"}}},
	{"CA", "fr-CA,fr;q=0.9,en-CA;q=0.8", -5, 6, []town{{"Montréal", "QC"}, {"Québec", "QC"}, {"Toronto", "ON"}}},
	{"DE", "de-DE,de;q=0.9,en;q=0.7", 1, 9, []town{{"Berlin", "BE"}, {"Munich", "BY"}, {"Hamburg", "HH"}, {"Cologne", "NW"}}},
	{"ES", "es-ES,es;q=0.9", 1, 5, []town{{"Madrid", "MD"}, {"Barcelona", "CT"}, {"Valencia", "VC"}}},
	{"IT", "it-IT,it;q=0.9", 1, 4, []town{{"Milan", "25"}, {"Rome", "62"}, {"Turin", "21"}}},
	{"GB", "en-GB,en;q=0.9", 0, 6, []town{{"London", "ENG"}, {"Manchester", "ENG"}, {"Edinburgh", "SCT"}}},
	{"US", "en-US,en;q=0.9", -6, 8, []town{{"New York", "NY"}, {"San Francisco", "CA"}, {"Chicago", "IL"}, {"Austin", "TX"}}},
	{"NL", "nl-NL,nl;q=0.9,en;q=0.8", 1, 4, []town{{"Amsterdam", "NH"}, {"Utrecht", "UT"}}},
	{"PT", "pt-PT,pt;q=0.9", 0, 2, []town{{"Lisbon", "11"}, {"Porto", "13"}}},
	{"PL", "pl-PL,pl;q=0.9", 1, 2, []town{{"Warsaw", "14"}, {"Kraków", "12"}}},
	{"SE", "sv-SE,sv;q=0.9,en;q=0.8", 1, 1.5, []town{{"Stockholm", "AB"}}},
	{"MA", "fr-MA,fr;q=0.9,ar;q=0.8", 1, 2, []town{{"Casablanca", "06"}, {"Rabat", "04"}}},
	{"SN", "fr-SN,fr;q=0.9", 0, 1, []town{{"Dakar", "DK"}}},
	{"BR", "pt-BR,pt;q=0.9", -3, 1.5, []town{{"São Paulo", "SP"}}},
	{"JP", "ja,en;q=0.5", 9, 1, []town{{"Tokyo", "13"}}},
	{"IN", "en-IN,en;q=0.9,hi;q=0.7", 5, 1.5, []town{{"Bengaluru", "KA"}, {"Mumbai", "MH"}}},
	{"LU", "fr-LU,fr;q=0.9,de;q=0.7", 1, 0.8, []town{{"Luxembourg", ""}}},
	{"AU", "en-AU,en;q=0.9", 10, 0.7, []town{{"Sydney", "NSW"}}},
}

// device is a browser on a machine.
type device struct {
	agent       string
	weight      float64
	resolutions []string
}

var (
	phones   = []string{"390x844", "412x915", "393x873", "360x800", "430x932"}
	desktops = []string{"1920x1080", "1536x864", "1440x900", "2560x1440", "1366x768"}
)

var devices = []device{
	{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", 19, phones},
	{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1", 5, phones},
	{"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", 20, phones},
	{"Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", 5, phones},
	{"Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", 3, phones},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", 17, desktops},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", 7, desktops},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", 7, desktops},
	{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15", 7, desktops},
	{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", 4, desktops},
	{"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", 3, desktops},
	{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 1, desktops},
	{"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", 2, []string{"820x1180", "1024x1366"}},
	{"Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", 1, []string{"800x1280"}},
	{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 1.5, []string{"1024x1024"}},
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", 0.8, []string{"1024x1024"}},
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", 0.6, []string{"1024x1024"}},
	{"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", 0.5, []string{"1024x1024"}},
}
