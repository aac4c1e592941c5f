package referrer

import (
	"strings"
	"testing"
	"unicode/utf8"

	"foule.eu/foule"
)

var campaignTests = []struct {
	query, fragment string
	want            foule.Campaign
}{
	{"", "", foule.Campaign{}},
	{"a=1&b=2", "top", foule.Campaign{}},
	{"utm_campaign=Spring%20Sale&utm_source=newsletter&utm_medium=email&utm_term=shoes", "", foule.Campaign{Name: "Spring Sale", Source: "newsletter", Medium: "email", Term: "shoes"}},
	{"mtm_campaign=Promo&mtm_kwd=boots", "", foule.Campaign{Name: "Promo", Term: "boots"}},
	{"pk_campaign=Winter&pk_kwd=Gloves", "", foule.Campaign{Name: "Winter", Term: "Gloves"}},
	{"utm_source=partnerX", "", foule.Campaign{Name: "partnerX", Source: "partnerX"}},
	{"utm_medium=E-Mail", "", foule.Campaign{Name: "E-Mail", Medium: "E-Mail"}},
	{"utm_source=s&utm_medium=m", "", foule.Campaign{Name: "s", Source: "s", Medium: "m"}},
	{"piwik_campaign=a&piwik_kwd=b", "", foule.Campaign{Name: "a", Term: "b"}},
	{"matomo_campaign=a&matomo_kwd=b", "", foule.Campaign{Name: "a", Term: "b"}},
	{"mtm_cpn=a&mtm_keyword=b&mtm_source=c&mtm_medium=d&mtm_content=e&mtm_cid=f", "", foule.Campaign{Name: "a", Source: "c", Medium: "d", Term: "b", Content: "e"}},
	{"pk_cpn=a&pk_keyword=b&pk_source=c&pk_medium=d&pk_content=e", "", foule.Campaign{Name: "a", Source: "c", Medium: "d", Term: "b", Content: "e"}},
	{"utm_campaign=c&utm_content=Banner+A", "", foule.Campaign{Name: "c", Content: "Banner A"}},
	{"mtm_source=only&mtm_medium=these", "", foule.Campaign{}},
	{"utm_term=only", "", foule.Campaign{}},
	// precedence and empty values
	{"utm_campaign=u&pk_campaign=p", "", foule.Campaign{Name: "p"}},
	{"pk_campaign=&utm_campaign=u", "", foule.Campaign{Name: "u"}},
	{"pk_campaign=+%20&utm_campaign=u", "", foule.Campaign{Name: "u"}},
	{"utm_campaign=a&utm_campaign=b", "", foule.Campaign{Name: "b"}},
	{"utm_campaign", "", foule.Campaign{}},
	{"UTM_Campaign=a", "", foule.Campaign{}},
	{"xutm_campaign=a", "", foule.Campaign{}},
	// fragments
	{"", "mtm_campaign=a&mtm_kwd=b", foule.Campaign{Name: "a", Term: "b"}},
	{"", "/route?utm_source=a", foule.Campaign{Name: "a", Source: "a"}},
	{"utm_campaign=q", "utm_campaign=f", foule.Campaign{Name: "q"}},
	{"utm_term=q", "utm_campaign=f", foule.Campaign{Name: "f", Term: "q"}},
	// encodings
	{"x=1&amp;utm_campaign=a&amp;utm_term=b", "", foule.Campaign{Name: "a", Term: "b"}},
	{"utm_campaign=%C3%89T%C3%89", "", foule.Campaign{Name: "ÉTÉ"}},
	{"utm_campaign=100%", "", foule.Campaign{Name: "100%"}},
	{"utm_campaign=50%zz", "", foule.Campaign{Name: "50%zz"}},
	{"utm_campaign=a%00b%0Ac", "", foule.Campaign{Name: "abc"}},
	{"utm_campaign=%FF", "", foule.Campaign{Name: "\uFFFD"}},
	{"utm_campaign=a=b", "", foule.Campaign{Name: "a=b"}},
	{"utm_campaign=" + strings.Repeat("%C3%A9", 300), "", foule.Campaign{Name: strings.Repeat("é", 300)}},
}

func TestCampaigns(t *testing.T) {
	for _, tt := range campaignTests {
		got, ok := Campaigns(tt.query, tt.fragment)
		if got != tt.want || ok != (tt.want.Name != "") {
			t.Errorf("Campaigns(%q, %q) = %+v, %v, want %+v", tt.query, tt.fragment, got, ok, tt.want)
		}
	}
}

func FuzzCampaigns(f *testing.F) {
	for _, tt := range campaignTests {
		f.Add(tt.query, tt.fragment)
	}
	f.Fuzz(func(t *testing.T, query, fragment string) {
		c, ok := Campaigns(query, fragment)
		if ok != (c.Name != "") {
			t.Errorf("Campaigns(%q, %q) = %+v, %v", query, fragment, c, ok)
		}
		for _, s := range []string{c.Name, c.Source, c.Medium, c.Term, c.Content} {
			if !utf8.ValidString(s) || s != strings.TrimSpace(s) {
				t.Errorf("Campaigns(%q, %q) has value %q", query, fragment, s)
			}
			if f := Fold(s); !utf8.ValidString(f) || utf8.RuneCountInString(f) > maxValueRunes || f != strings.TrimSpace(f) {
				t.Errorf("Fold(%q) = %q", s, f)
			}
		}
		ClickID(query)
	})
}

func TestFold(t *testing.T) {
	for value, want := range map[string]string{
		"":                              "",
		" Spring Sale ":                 "spring sale",
		"ÉTÉ":                           "été",
		strings.Repeat("É", 300):        strings.Repeat("é", 255),
		strings.Repeat("a", 254) + " b": strings.Repeat("a", 254),
	} {
		if got := Fold(value); got != want {
			t.Errorf("Fold(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestAssistantByUTM(t *testing.T) {
	for source, want := range map[string]string{
		"chatgpt.com":           "ChatGPT",
		"ChatGPT.com":           "ChatGPT",
		"chat.openai.com":       "ChatGPT",
		"perplexity":            "Perplexity",
		"www.perplexity.ai":     "Perplexity",
		"copilot.microsoft.com": "Copilot",
		"duck.ai":               "Duck.ai",
		"newsletter":            "",
		"x.com":                 "",
		"github.com":            "",
		"facebook.com":          "",
		"":                      "",
	} {
		if got, ok := AssistantByUTM(source); got != want || ok != (want != "") {
			t.Errorf("AssistantByUTM(%q) = %q, %v, want %q", source, got, ok, want)
		}
	}
}

func TestClickID(t *testing.T) {
	for _, tt := range []struct {
		query, source string
		channel       foule.Channel
		medium        string
	}{
		{"", "", foule.ChannelDirect, ""},
		{"a=1&gclid=", "", foule.ChannelDirect, ""},
		{"a=1&gclid=abc", "Google Ads", foule.ChannelSearch, "cpc"},
		{"wbraid=abc", "Google Ads", foule.ChannelSearch, "cpc"},
		{"gbraid=abc", "Google Ads", foule.ChannelSearch, "cpc"},
		{"msclkid=abc", "Microsoft Ads", foule.ChannelSearch, "cpc"},
		{"yclid=1", "Yandex Direct", foule.ChannelSearch, "cpc"},
		{"twclid=1", "Twitter Ads", foule.ChannelSocial, "cpc"},
		{"ttclid=1", "TikTok Ads", foule.ChannelSocial, "cpc"},
		{"li_fat_id=1", "LinkedIn Ads", foule.ChannelSocial, "cpc"},
		{"ScCid=1", "Snapchat Ads", foule.ChannelSocial, "cpc"},
		{"rdt_cid=1", "reddit Ads", foule.ChannelSocial, "cpc"},
		{"epik=1", "Pinterest Ads", foule.ChannelSocial, "cpc"},
		{"igsh=1", "Instagram", foule.ChannelSocial, ""},
		{"fbclid=1", "Facebook", foule.ChannelSocial, ""},
		{"fbclid=1&gclid=2", "Google Ads", foule.ChannelSearch, "cpc"},
		{"gclid=2&fbclid=1", "Google Ads", foule.ChannelSearch, "cpc"},
	} {
		source, ok := ClickID(tt.query)
		channel, medium := ClickChannel(source)
		if source != tt.source || ok != (tt.source != "") || channel != tt.channel || medium != tt.medium {
			t.Errorf("ClickID(%q) = %q, %v, %s, %q, want %q, %s, %q", tt.query, source, ok, channel, medium, tt.source, tt.channel, tt.medium)
		}
	}
}

func TestIsClickOrCampaignParam(t *testing.T) {
	// Matomo's fixed list and every campaign parameter, then what has to stay.
	cut := "gclid fbclid msclkid twclid wbraid gbraid yclid fb_xd_fragment fb_comment_id phpsessid jsessionid sessionid " +
		"aspsessionid doing_wp_cron sid pk_vid ignore_referrer ignore_referer token_auth token " +
		"pk_cpn pk_campaign piwik_campaign mtm_campaign matomo_campaign utm_campaign utm_source utm_medium " +
		"pk_kwd pk_keyword piwik_kwd mtm_kwd mtm_keyword matomo_kwd utm_term mtm_cpn mtm_source pk_source mtm_medium pk_medium " +
		"mtm_content pk_content utm_content mtm_cid pk_cid utm_id mtm_clid mtm_group pk_group mtm_placement pk_placement " +
		"utm_anything_else PHPSESSID Gclid ScCid ASPSESSIONIDQQGGGRTC ttclid li_fat_id " +
		"utm_a_name_that_is_longer_than_all_the_names_in_the_list"
	for name := range strings.FieldsSeq(cut) {
		if !IsClickOrCampaignParam(name) {
			t.Errorf("IsClickOrCampaignParam(%q) = false", name)
		}
	}
	for name := range strings.FieldsSeq("q query id page lang s side tokens cat a[] utm gcl sidebar order_by_a_name_that_is_longer_than_all_names") {
		if IsClickOrCampaignParam(name) {
			t.Errorf("IsClickOrCampaignParam(%q) = true", name)
		}
	}
	if IsClickOrCampaignParam("") {
		t.Error(`IsClickOrCampaignParam("") = true`)
	}
}

func TestAllocations(t *testing.T) {
	for name, f := range map[string]func(){
		"no campaign":  func() { Campaigns("page=2&sort=price&color=red", "top") },
		"no click id":  func() { ClickID("page=2&sort=price&color=red") },
		"param":        func() { IsClickOrCampaignParam("PHPSESSID"); IsClickOrCampaignParam("page") },
		"assistant":    func() { AssistantByUTM("chatgpt.com") },
		"known source": func() { Classify("https://www.google.com/") },
		"direct":       func() { Classify("") },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations, want none", name, n)
		}
	}
}

func BenchmarkCampaigns(b *testing.B) {
	for _, bb := range []struct{ name, query string }{
		{"none", "page=2&sort=price&color=red"},
		{"utm", "utm_campaign=Spring%20Sale&utm_source=newsletter&utm_medium=email"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Campaigns(bb.query, "")
			}
		})
	}
}

func BenchmarkIsClickOrCampaignParam(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		IsClickOrCampaignParam("PHPSESSID")
	}
}
