package referrer

import (
	"strings"
	"testing"
	"unicode/utf8"

	"foule.eu/foule"
)

var classifyTests = []struct {
	ref  string
	want Verdict
}{
	// direct: nothing, or nothing that looks like a URL
	{"", Verdict{Channel: foule.ChannelDirect}},
	{"   ", Verdict{Channel: foule.ChannelDirect}},
	{"undefined", Verdict{Channel: foule.ChannelDirect}},
	{"about:blank", Verdict{Channel: foule.ChannelDirect}},
	{"www.google.com/search", Verdict{Channel: foule.ChannelDirect}},
	{"javascript://alert(1)", Verdict{Channel: foule.ChannelDirect}},
	{"data://x", Verdict{Channel: foule.ChannelDirect}},
	{"https://", Verdict{Channel: foule.ChannelDirect}},
	{"https:///path", Verdict{Channel: foule.ChannelDirect}},
	{"https://<script>alert(1)</script>/", Verdict{Channel: foule.ChannelDirect}},
	{"https://a b.example/", Verdict{Channel: foule.ChannelDirect}},
	{"https://\xff\xfe.example/", Verdict{Channel: foule.ChannelDirect}},
	{"1http://a.example/", Verdict{Channel: foule.ChannelDirect}},

	// the conformance recordings
	{"https://www.google.com/search?q=web+analytics", Verdict{Channel: foule.ChannelSearch, Source: "Google", Keyword: "web analytics"}},
	{"https://www.bing.com/search?q=red+shoes&form=QBLH", Verdict{Channel: foule.ChannelSearch, Source: "Bing", Keyword: "red shoes"}},
	{"https://duckduckgo.com/", Verdict{Channel: foule.ChannelSearch, Source: "DuckDuckGo"}},
	{"https://yandex.ru/search/?text=%D0%B0%D0%BD%D0%B0%D0%BB%D0%B8%D1%82%D0%B8%D0%BA%D0%B0", Verdict{Channel: foule.ChannelSearch, Source: "Yandex", Keyword: "аналитика"}},
	{"https://www.baidu.com/s?wd=%E7%BB%9F%E8%AE%A1", Verdict{Channel: foule.ChannelSearch, Source: "Baidu", Keyword: "统计"}},
	{"https://www.facebook.com/some/post", Verdict{Channel: foule.ChannelSocial, Source: "Facebook"}},
	{"https://t.co/abcdef", Verdict{Channel: foule.ChannelSocial, Source: "Twitter"}},
	{"https://www.linkedin.com/feed/", Verdict{Channel: foule.ChannelSocial, Source: "LinkedIn"}},
	{"https://blog.example.com/2025/review?x=1", Verdict{Channel: foule.ChannelWebsite, Source: "blog.example.com", Page: "blog.example.com/2025/review"}},
	{"http://www.some-site.example/", Verdict{Channel: foule.ChannelWebsite, Source: "www.some-site.example", Page: "www.some-site.example/"}},

	// search engines
	{"https://www.google.co.uk/", Verdict{Channel: foule.ChannelSearch, Source: "Google"}},
	{"https://www.google.fr", Verdict{Channel: foule.ChannelSearch, Source: "Google"}},
	{"https://google.com.br/url?sa=t", Verdict{Channel: foule.ChannelSearch, Source: "Google"}},
	{"https://www.google.de/imgres?imgurl=x", Verdict{Channel: foule.ChannelSearch, Source: "Google Images"}},
	{"https://www.google.com/search?q=Cat&tbm=isch", Verdict{Channel: foule.ChannelSearch, Source: "Google Images", Keyword: "cat"}},
	{"https://www.google.fr/search?tbm=vid&q=cat", Verdict{Channel: foule.ChannelSearch, Source: "Google Video", Keyword: "cat"}},
	{"https://www.google.fr/search?tbm=shop&q=cat", Verdict{Channel: foule.ChannelSearch, Source: "Google Shopping", Keyword: "cat"}},
	{"https://images.google.it/", Verdict{Channel: foule.ChannelSearch, Source: "Google Images"}},
	{"https://news.google.com/articles/x", Verdict{Channel: foule.ChannelSearch, Source: "Google News"}},
	{"https://docs.google.com/document/d/abc", Verdict{Channel: foule.ChannelWebsite, Source: "docs.google.com", Page: "docs.google.com/document/d/abc"}},
	{"https://notgoogle.com/", Verdict{Channel: foule.ChannelWebsite, Source: "notgoogle.com", Page: "notgoogle.com/"}},
	{"https://google.example/", Verdict{Channel: foule.ChannelWebsite, Source: "google.example", Page: "google.example/"}},
	{"https://cn.bing.com/", Verdict{Channel: foule.ChannelSearch, Source: "Bing"}},
	{"https://fr.search.yahoo.com/", Verdict{Channel: foule.ChannelSearch, Source: "Yahoo!"}},
	{"https://r.search.yahoo.com/_ylt=A0/RU=x", Verdict{Channel: foule.ChannelSearch, Source: "Yahoo!"}},
	{"https://search.yahoo.com/search/dir?p=x", Verdict{Channel: foule.ChannelSearch, Source: "Yahoo! Directory", Keyword: "x"}},
	{"https://yandex.com.tr/", Verdict{Channel: foule.ChannelSearch, Source: "Yandex"}},
	{"https://search.brave.com/", Verdict{Channel: foule.ChannelSearch, Source: "Brave"}},
	{"https://www.qwant.com/", Verdict{Channel: foule.ChannelSearch, Source: "Qwant"}},
	{"https://www.ecosia.org/", Verdict{Channel: foule.ChannelSearch, Source: "Ecosia"}},
	{"android-app://com.google.android.googlequicksearchbox/https/www.google.com", Verdict{Channel: foule.ChannelSearch, Source: "Google"}},
	{"https://www.cnn.com/2025/03/12/politics", Verdict{Channel: foule.ChannelWebsite, Source: "www.cnn.com", Page: "www.cnn.com/2025/03/12/politics"}},
	{"https://www.cnn.com/search?query=x", Verdict{Channel: foule.ChannelSearch, Source: "Google", Keyword: "x"}},
	{"https://www.facebook.com/search/?q=x", Verdict{Channel: foule.ChannelSearch, Source: "Facebook", Keyword: "x"}},
	{"https://www.google.com/search?q=%E9%E8", Verdict{Channel: foule.ChannelSearch, Source: "Google"}}, // Latin-1

	// AI assistants go before search and social
	{"https://chatgpt.com/", Verdict{Channel: foule.ChannelAI, Source: "ChatGPT"}},
	{"https://www.perplexity.ai/search?q=x", Verdict{Channel: foule.ChannelAI, Source: "Perplexity"}},
	{"https://x.com/i/grok?conversation=1", Verdict{Channel: foule.ChannelAI, Source: "Grok"}},
	{"https://x.com/i/grokking", Verdict{Channel: foule.ChannelSocial, Source: "Twitter"}},
	{"https://x.com/", Verdict{Channel: foule.ChannelSocial, Source: "Twitter"}},
	{"https://gemini.google.com/app", Verdict{Channel: foule.ChannelAI, Source: "Gemini"}},
	{"https://www.bing.com/chat?q=x", Verdict{Channel: foule.ChannelAI, Source: "Copilot"}},
	{"https://claude.ai/chat/0b5c", Verdict{Channel: foule.ChannelAI, Source: "Claude"}},
	{"android-app://com.openai.chatgpt/", Verdict{Channel: foule.ChannelAI, Source: "ChatGPT"}},

	// social networks
	{"https://lm.facebook.com/", Verdict{Channel: foule.ChannelSocial, Source: "Facebook"}},
	{"https://out.reddit.com/", Verdict{Channel: foule.ChannelSocial, Source: "reddit"}},
	{"https://t.me/", Verdict{Channel: foule.ChannelSocial, Source: "Telegram"}},
	{"https://piaille.fr/@someone", Verdict{Channel: foule.ChannelSocial, Source: "Mastodon"}},
	{"https://l.threads.com/", Verdict{Channel: foule.ChannelSocial, Source: "Threads"}},
	{"android-app://com.linkedin.android/", Verdict{Channel: foule.ChannelSocial, Source: "LinkedIn"}},
	{"android-app://com.reddit.frontpage", Verdict{Channel: foule.ChannelSocial, Source: "reddit"}},
	{"https://go.bsky.app/redirect?u=x", Verdict{Channel: foule.ChannelSocial, Source: "Bluesky"}},
	{"https://nott.co/", Verdict{Channel: foule.ChannelWebsite, Source: "nott.co", Page: "nott.co/"}},

	// e-mail
	{"https://mail.google.com/mail/u/0/", Verdict{Channel: foule.ChannelEmail, Source: "Gmail"}},
	{"android-app://com.google.android.gm", Verdict{Channel: foule.ChannelEmail, Source: "Gmail"}},
	{"https://outlook.live.com/", Verdict{Channel: foule.ChannelEmail, Source: "Outlook"}},
	{"https://eur01.safelinks.protection.outlook.com/", Verdict{Channel: foule.ChannelEmail, Source: "Outlook"}},
	{"https://fr.mail.yahoo.com/", Verdict{Channel: foule.ChannelEmail, Source: "Yahoo! Mail"}},
	{"https://mail.proton.me/u/0/inbox", Verdict{Channel: foule.ChannelEmail, Source: "Proton Mail"}},
	{"https://mail.yandex.ru/", Verdict{Channel: foule.ChannelEmail, Source: "Yandex Mail"}},
	{"https://www.icloud.com/mail/", Verdict{Channel: foule.ChannelEmail, Source: "Apple iCloud Mail"}},
	{"https://www.icloud.com/photos/", Verdict{Channel: foule.ChannelWebsite, Source: "www.icloud.com", Page: "www.icloud.com/photos/"}},

	// websites
	{"HTTPS://User:Secret@WWW.Example.COM:8443/Path;jsessionid=1?q=2#f", Verdict{Channel: foule.ChannelWebsite, Source: "www.example.com", Page: "www.example.com/Path"}},
	{"//example.com", Verdict{Channel: foule.ChannelWebsite, Source: "example.com", Page: "example.com/"}},
	{"https://example.com?q=x", Verdict{Channel: foule.ChannelWebsite, Source: "example.com", Page: "example.com/"}},
	{"https://example.com./a", Verdict{Channel: foule.ChannelWebsite, Source: "example.com", Page: "example.com/a"}},
	{"http://[2001:db8::1]:80/a", Verdict{Channel: foule.ChannelWebsite, Source: "[2001:db8::1]", Page: "[2001:db8::1]/a"}},
	{"https://bücher.example/", Verdict{Channel: foule.ChannelWebsite, Source: "bücher.example", Page: "bücher.example/"}},
	{"android-app://com.slack/", Verdict{Channel: foule.ChannelWebsite, Source: "com.slack", Page: "com.slack/"}},

	// spam
	{"http://semalt.com/crawler", Verdict{Channel: foule.ChannelWebsite, Source: "semalt.com", Page: "semalt.com/crawler", Spam: true}},
	{"http://semalt.semalt.com/", Verdict{Channel: foule.ChannelWebsite, Source: "semalt.semalt.com", Page: "semalt.semalt.com/", Spam: true}},
	{"http://example.com/?u=semalt.com", Verdict{Channel: foule.ChannelWebsite, Source: "example.com", Page: "example.com/"}},
	{"http://nosemalt.com/", Verdict{Channel: foule.ChannelWebsite, Source: "nosemalt.com", Page: "nosemalt.com/"}},
}

func TestClassify(t *testing.T) {
	for _, tt := range classifyTests {
		if got := Classify(tt.ref); got != tt.want {
			t.Errorf("Classify(%q)\n got %+v\nwant %+v", tt.ref, got, tt.want)
		}
	}
}

func FuzzClassify(f *testing.F) {
	for _, tt := range classifyTests {
		f.Add(tt.ref)
	}
	f.Fuzz(func(t *testing.T, ref string) {
		v := Classify(ref)
		if v.Channel == "" || (v.Source == "") != (v.Channel == foule.ChannelDirect) {
			t.Errorf("Classify(%q) = %+v", ref, v)
		}
		if (v.Page != "") != (v.Channel == foule.ChannelWebsite) || !strings.HasPrefix(v.Page, v.Source) && v.Page != "" {
			t.Errorf("Classify(%q): page %q of %q", ref, v.Page, v.Source)
		}
		if strings.ContainsAny(v.Page, "?#") || !utf8.ValidString(v.Source) || !utf8.ValidString(v.Keyword) {
			t.Errorf("Classify(%q) = %+v", ref, v)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	for _, bb := range []struct{ name, ref string }{
		{"direct", ""},
		{"google", "https://www.google.com/"},
		{"google country", "https://www.google.co.uk/"},
		{"social", "https://www.facebook.com/"},
		{"assistant", "https://chatgpt.com/"},
		{"keyword", "https://www.bing.com/search?q=red+shoes&form=QBLH"},
		{"website", "https://blog.example.com/2025/review?x=1"},
		{"website country", "https://www.example.fr/2025/review?x=1"},
		{"spam", "http://semalt.com/"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Classify(bb.ref)
			}
		})
	}
}

func BenchmarkLoadTable(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		loadTable()
	}
}
