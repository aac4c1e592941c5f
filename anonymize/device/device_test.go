package device

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"foule.eu/foule"
	"github.com/google/go-cmp/cmp"
)

// Short forms for the tables of tests.
const (
	win    = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
	mac    = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
	linux  = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
	phone  = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"
	safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 Safari/605.1.15"
)

func visitor(typ, brand, browser, browserVersion, os, osVersion string) Result {
	return Result{Device: foule.Device{
		Type: typ, Brand: brand, Browser: browser, BrowserVersion: browserVersion, OS: os, OSVersion: osVersion,
	}}
}

// The agents of the conformance recording, with what Matomo 5.2 reported for
// them. Matomo's report labels iPadOS "iOS"; browser versions are majors here.
func TestParseAsMatomoReports(t *testing.T) {
	tests := []struct {
		ua   string
		want Result
	}{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
			visitor("desktop", "", "Chrome", "122", "Windows", "10")},
		{"Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Mobile Safari/537.36",
			visitor("smartphone", "Google", "Chrome Mobile", "122", "Android", "14")},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0",
			visitor("desktop", "", "Firefox", "123", "GNU/Linux", "")},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 Mobile/15E148 Safari/604.1",
			visitor("smartphone", "Apple", "Mobile Safari", "17", "iOS", "17.3")},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36 Edg/121.0.0.0",
			visitor("desktop", "", "Microsoft Edge", "121", "Windows", "10")},
		{"Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
			visitor("smartphone", "Samsung", "Samsung Browser", "23", "Android", "13")},
		{"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
			visitor("tablet", "Apple", "Mobile Safari", "16", "iPadOS", "16.6")},
		{safari, visitor("desktop", "Apple", "Safari", "17", "Mac", "10.15")},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0",
			visitor("desktop", "", "Opera", "106", "Windows", "10")},
		{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
			visitor("desktop", "", "Firefox", "115", "Ubuntu", "")},
		{"Mozilla/5.0 (Linux; Android 12; SM-T870) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
			visitor("tablet", "Samsung", "Chrome", "120", "Android", "12")},
		{"Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15",
			visitor("console", "Sony", "NetFront", "", "PlayStation", "5.6")},
		{"Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/6.0 TV Safari/538.1",
			visitor("tv", "", "Tizen Browser", "6", "Tizen", "6.0")},
		{"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
			visitor("desktop", "", "Internet Explorer", "11", "Windows", "7")},
		{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
			Result{Bot: true, BotName: "Googlebot", BotKind: "search"}},
	}
	p := New(0)
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, p.Parse(tt.ua, Hints{})); diff != "" {
			t.Errorf("%s\n(-want +got)\n%s", tt.ua, diff)
		}
	}
}

func TestParseFrozenAgents(t *testing.T) {
	tests := []struct {
		name, ua string
		want     Result
	}{
		{"Safari 26 freezes the system", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
			visitor("smartphone", "Apple", "Mobile Safari", "26", "iOS", "26.1")},
		{"Safari 18 does not", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.7 Mobile/15E148 Safari/604.1",
			visitor("smartphone", "Apple", "Mobile Safari", "18", "iOS", "18.7")},
		{"iPad before iPadOS", "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1",
			visitor("tablet", "Apple", "Mobile Safari", "12", "iOS", "12.5")},
		{"web view of an iPad in desktop mode", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.1 Mobile/15E148 Safari/604.1",
			visitor("tablet", "Apple", "Mobile Safari", "16", "iPadOS", "16.1")},
		{"Android 9.0 is Android 9", "Mozilla/5.0 (Linux; Android 9.0; SM-G960F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/80.0.0.0 Mobile Safari/537.36",
			visitor("smartphone", "Samsung", "Chrome Mobile", "80", "Android", "9")},
	}
	p := New(0)
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, p.Parse(tt.ua, Hints{})); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

var hintTests = []struct {
	name, ua string
	hints    Hints
	want     Result
}{
	{"Windows 11", win, Hints{JSON: `{"formFactors":["Desktop"],"fullVersionList":[{"brand":"Chromium","version":"124.0.6367.79"},{"brand":"Google Chrome","version":"124.0.6367.79"},{"brand":"Not-A.Brand","version":"99.0.0.0"}],"mobile":false,"model":"","platform":"Windows","platformVersion":"15.0.0"}`},
		visitor("desktop", "", "Chrome", "124", "Windows", "11")},
	{"Windows 10", win, Hints{JSON: `{"platform":"Windows","platformVersion":"10.0.0"}`},
		visitor("desktop", "", "Chrome", "124", "Windows", "10")},
	{"Windows 7", win, Hints{JSON: `{"platform":"Windows","platformVersion":"0.1.0"}`},
		visitor("desktop", "", "Chrome", "124", "Windows", "7")},
	{"Windows without a version", win, Hints{JSON: `{"platform":"Windows","platformVersion":""}`},
		visitor("desktop", "", "Chrome", "124", "Windows", "10")},
	{"macOS", mac, Hints{JSON: `{"brands":[{"brand":"Google Chrome","version":"124"}],"platform":"macOS","platformVersion":"14.4.1"}`},
		visitor("desktop", "Apple", "Chrome", "124", "Mac", "14.4")},
	{"Brave", mac, Hints{JSON: `{"fullVersionList":[{"brand":"Chromium","version":"124.0.0.0"},{"brand":"Brave","version":"124.0.0.0"}],"platform":"macOS","platformVersion":"14.4.1"}`},
		visitor("desktop", "Apple", "Brave", "124", "Mac", "14.4")},
	{"Android model and version", phone, Hints{JSON: `{"fullVersionList":[{"brand":"Google Chrome","version":"124.0.6367.82"}],"mobile":true,"model":"SM-S918B","platform":"Android","platformVersion":"14.0.0"}`},
		visitor("smartphone", "Samsung", "Chrome Mobile", "124", "Android", "14")},
	{"Android tablet asking for the desktop site", linux, Hints{JSON: `{"brands":[{"brand":"Google Chrome","version":"124"}],"mobile":false,"model":"SM-X710","platform":"Android","platformVersion":"14.0.0"}`},
		visitor("tablet", "Samsung", "Chrome", "124", "Android", "14")},
	{"Android web view", phone, Hints{JSON: `{"brands":[{"brand":"Android WebView","version":"124"}],"mobile":true,"platform":"Android"}`},
		visitor("smartphone", "", "Chrome Webview", "124", "Android", "10")},
	{"app keeps its name", "Mozilla/5.0 (Linux; Android 13; SM-A536B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/123.0.6312.118 Mobile Safari/537.36 Instagram 325.0.0.35.91 Android",
		Hints{JSON: `{"brands":[{"brand":"Android WebView","version":"123"}],"mobile":true,"platform":"Android","platformVersion":"13.0.0"}`},
		visitor("smartphone", "Samsung", "Instagram", "325", "Android", "13")},
	{"Opera's own version", win + " OPR/109.0.0.0", Hints{JSON: `{"fullVersionList":[{"brand":"Chromium","version":"124.0.0.0"},{"brand":"Opera","version":"110.0.5130.23"}],"platform":"Windows","platformVersion":"15.0.0"}`},
		visitor("desktop", "", "Opera", "110", "Windows", "11")},
	{"Mac with a touch screen", safari, Hints{JSON: `{"formFactors":["Tablet"],"mobile":false}`},
		visitor("tablet", "Apple", "Safari", "17", "iPadOS", "")},
	{"Ubuntu stays Ubuntu", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", Hints{JSON: `{"platform":"Linux","platformVersion":"6.5.0"}`},
		visitor("desktop", "", "Firefox", "115", "Ubuntu", "")},
	{"Chrome OS", linux, Hints{JSON: `{"platform":"Chrome OS","platformVersion":"15633.69.0"}`},
		visitor("desktop", "", "Chrome", "124", "Chrome OS", "15633.69")},
	{"hints alone", "", Hints{JSON: `{"brands":[{"brand":"Google Chrome","version":"124"}],"platform":"Windows","platformVersion":"15.0.0"}`},
		visitor("desktop", "", "Chrome", "124", "Windows", "11")},
	{"headless", win, Hints{JSON: `{"brands":[{"brand":"HeadlessChrome","version":"124"}],"platform":"Linux"}`},
		Result{Bot: true, BotName: "HeadlessChrome", BotKind: "headless"}},
	{"headers", phone, Hints{UA: `"Chromium";v="124.0.6367.82", "Not-A,Brand;";v="99.0.0.0", "Google Chrome";v="124.0.6367.82"`, Platform: `"Android"`, PlatformVersion: `"14.0.0"`, Model: `"Pixel 8"`, Mobile: "?1"},
		visitor("smartphone", "Google", "Chrome Mobile", "124", "Android", "14")},
	{"JSON goes before headers", win, Hints{JSON: `{"platform":"Windows","platformVersion":"15.0.0"}`, Platform: `"macOS"`, PlatformVersion: `"14.0.0"`},
		visitor("desktop", "", "Chrome", "124", "Windows", "11")},
	{"nonsense", win, Hints{JSON: `{"platform":`}, visitor("desktop", "", "Chrome", "124", "Windows", "10")},
	{"wrong types", win, Hints{JSON: `{"brands":{},"mobile":"?0","platform":"Windows","platformVersion":"15.0.0","formFactors":""}`},
		visitor("desktop", "", "Chrome", "124", "Windows", "11")},
	{"too long", win, Hints{JSON: `{"platform":"Windows","platformVersion":"15.0.0","model":"` + strings.Repeat("x", maxHintBytes) + `"}`},
		visitor("desktop", "", "Chrome", "124", "Windows", "10")},
}

func TestParseHints(t *testing.T) {
	p := New(0)
	for _, tt := range hintTests {
		if diff := cmp.Diff(tt.want, p.Parse(tt.ua, tt.hints)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

var botTests = []struct{ ua, name, kind string }{
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot", "ai-crawler"},
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "ClaudeBot", "ai-crawler"},
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot", "ChatGPT-User", "ai-assistant"},
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot)", "OAI-SearchBot", "ai-assistant"},
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)", "PerplexityBot", "ai-assistant"},
	{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Perplexity-User/1.0; +https://perplexity.ai/perplexity-user)", "Perplexity-User", "ai-assistant"},
	{"Mozilla/5.0 (compatible; Google-Extended)", "Google-Extended", "ai-crawler"},
	{"Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)", "Bytespider", "ai-crawler"},
	{"CCBot/2.0 (https://commoncrawl.org/faq/)", "CCBot", "ai-crawler"},
	{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) Version/8.0.2 Safari/600.2.5 (Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)", "Amazonbot", "ai-crawler"},
	{"meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", "Meta-ExternalAgent", "ai-crawler"},
	{"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/41.0.2272.96 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "search"},
	{"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Bingbot", "search"},
	{"Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", "YandexBot", "search"},
	{"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot", "seo"},
	{"Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot", "monitor"},
	{"Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)", "FeedFetcher-Google", "search"},
	{"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Facebook preview", "preview"},
	{"WhatsApp/2.23.20.0 A", "WhatsApp preview", "preview"},
	{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/124.0.0.0 Safari/537.36", "HeadlessChrome", "headless"},
	{"Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1", "PhantomJS", "headless"},
	{"curl/8.5.0", "curl", "tool"},
	{"Wget/1.21.4", "Wget", "tool"},
	{"python-requests/2.31.0", "python-requests", "tool"},
	{"Go-http-client/2.0", "Go-http-client", "tool"},
	{"axios/1.6.8", "axios", "tool"},
	{"Java/17.0.2", "Java", "tool"},
	{"SomethingNobodyKnows-crawler/1.0", "Generic crawler", "other"},
	{"anchor-replay/1.0", "Unidentified agent", "other"},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Unidentified agent", "other"},
	{"Mozilla/5.0 (compatible; Nobody/1.0)", "Unidentified agent", "other"},
	{"PS/1.0 " + mac, "Unidentified agent", "other"},
	{win + " ops@example.org", "Unidentified agent", "other"},
	{"", "No user agent", "other"},
	{" \t", "No user agent", "other"},
}

func TestParseBots(t *testing.T) {
	p := New(0)
	for _, tt := range botTests {
		want := Result{Bot: true, BotName: tt.name, BotKind: tt.kind}
		if diff := cmp.Diff(want, p.Parse(tt.ua, Hints{})); diff != "" {
			t.Errorf("%s\n(-want +got)\n%s", tt.ua, diff)
		}
	}
}

// People whose agents look like a robot's in one way or another.
func TestParsePeopleAreNotBots(t *testing.T) {
	p := New(0)
	for _, ua := range []string{
		"Mozilla/5.0 (Linux; Android 9; CUBOT_NOTE_S) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.210 Mobile Safari/537.36",
		"Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1 Ecosia ios@9.3.0.1846",
		"Mozilla/5.0 (iPhone14,5; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MatomoTracker SDK URLSessionDispatcher",
		"Dalvik/2.1.0 (Linux; U; Android 13; Pixel 6 Build/TQ3A.230901.001)",
		"MatomoJavaClient",
		"okhttp/4.12.0",
		"Dart/3.3 (dart:io)",
		"Shop/412 CFNetwork/1494.0.7 Darwin/23.4.0",
		"Roku/DVP-9.10 (519.10E04111A)",
		win + ",gzip(gfe) (via translate.google.com)",
		"Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/1.1.1d",
	} {
		if r := p.Parse(ua, Hints{}); r.Bot {
			t.Errorf("taken for %s (%s): %s", r.BotName, r.BotKind, ua)
		}
	}
}

func TestCacheAnswersAsTheRules(t *testing.T) {
	plain, cached := New(0), New(64)
	for round := range 3 {
		for _, tt := range hintTests {
			if diff := cmp.Diff(plain.Parse(tt.ua, tt.hints), cached.Parse(tt.ua, tt.hints)); diff != "" {
				t.Errorf("round %d, %s: (-rules +cache)\n%s", round, tt.name, diff)
			}
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	const entries = 256
	p := New(entries)
	for i := range 20 * entries {
		p.Parse(fmt.Sprintf("%s Agent/%d", win, i), Hints{})
	}
	held := 0
	for i := range p.cache.shards {
		held += len(p.cache.shards[i].young) + len(p.cache.shards[i].old)
	}
	if held > entries {
		t.Errorf("cache holds %d results, limit is %d", held, entries)
	}
}

func TestCacheHitDoesNotAllocate(t *testing.T) {
	p := New(64)
	tt := hintTests[0]
	p.Parse(tt.ua, tt.hints)
	if n := testing.AllocsPerRun(100, func() { p.Parse(tt.ua, tt.hints) }); n != 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}

func TestParseConcurrently(t *testing.T) {
	p := New(64)
	want := New(0).Parse(phone, Hints{})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 500 {
				p.Parse(fmt.Sprintf("%s %d/%d", win, g, i), Hints{})
				if got := p.Parse(phone, Hints{}); got != want {
					t.Errorf("got %+v, want %+v", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestRulesAreReachable finds rules that an earlier rule of the same table always beats.
func TestRulesAreReachable(t *testing.T) {
	k := known()
	tables := []struct {
		file string
		id   tableID
	}{{"bots", botTable}, {"browsers", browserTable}, {"systems", systemTable}, {"devices", deviceTable}}
	for _, table := range tables {
		var index uint16
		rows(table.file, func(c [4]string) {
			if table.id == botTable && strings.HasPrefix(c[0], "[") {
				return
			}
			index++
			text := strings.TrimPrefix(c[0], "^")
			text = strings.TrimSuffix(strings.TrimPrefix(text, "<"), ">")
			if m := k.scan(text)[table.id]; m.rule != index {
				t.Errorf("%s.txt: rule %d %q is never reached: rule %d comes first", table.file, index, c[0], m.rule)
			}
		})
	}
}

var vocabulary = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{"": true, webView: true, unidentified.name: true, noAgent.name: true}
	k := known()
	for _, b := range k.browsers {
		words[b.name], words[b.mobile] = true, true
	}
	for _, s := range k.systems {
		words[s.name] = true
		words[strings.TrimPrefix(s.version, "=")] = true
	}
	for _, d := range k.devices {
		words[d.typ], words[d.brand] = true, true
	}
	for _, rules := range k.models.byFirst {
		for _, r := range rules {
			words[r.kind.typ], words[r.kind.brand] = true, true
		}
	}
	for _, b := range k.bots {
		words[b.name] = true
	}
	for _, w := range hintBrands {
		words[w] = true
	}
	for _, w := range []string{"desktop", "smartphone", "tablet", "tv", "feature phone", "Fire OS", "Amazon", "RIM", "Apple"} {
		words[w] = true
	}
	return words
})

// FuzzParse holds the promise that nothing of a user agent or hint gets out but known words and short numbers.
func FuzzParse(f *testing.F) {
	for _, tt := range hintTests {
		f.Add(tt.ua, tt.hints.JSON, tt.hints.UA, tt.hints.Platform, tt.hints.PlatformVersion, tt.hints.Model)
	}
	for _, tt := range botTests {
		f.Add(tt.ua, "", "", "", "", "")
	}
	p := New(128)
	f.Fuzz(func(t *testing.T, ua, json, brands, platform, version, model string) {
		h := Hints{JSON: json, UA: brands, Platform: platform, PlatformVersion: version, Model: model, Mobile: "?1"}
		r := p.Parse(ua, h)
		if again := p.Parse(ua, h); again != r {
			t.Errorf("the cache says %+v, the rules said %+v", again, r)
		}
		for _, w := range []string{r.Type, r.Brand, r.Browser, r.OS, r.BotName} {
			if !vocabulary()[w] {
				t.Errorf("%q is no word of the tables", w)
			}
		}
		for _, v := range []string{r.BrowserVersion, r.OSVersion} {
			if !vocabulary()[v] && !isShortNumber(v) {
				t.Errorf("%q is no version", v)
			}
		}
		if r.Bot && (r.Device != foule.Device{}) {
			t.Errorf("a bot with a device: %+v", r)
		}
	})
}

func isShortNumber(s string) bool {
	return len(s) <= 2*maxVersionDigits+1 && strings.Trim(s, "0123456789.") == ""
}

func BenchmarkParse(b *testing.B) {
	hinted := hintTests[0]
	bench := func(name string, p *Parser, ua string, h Hints) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Parse(ua, h)
			}
		})
	}
	bench("hit", New(1024), win, Hints{})
	bench("hit with hints", New(1024), hinted.ua, hinted.hints)
	bench("miss/desktop", New(0), win, Hints{})
	bench("miss/phone", New(0), "Mozilla/5.0 (Linux; Android 14; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Mobile Safari/537.36", Hints{})
	bench("miss/bot", New(0), botTests[0].ua, Hints{})
	bench("miss/with hints", New(0), hinted.ua, hinted.hints)
}
