package canary

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"foule.eu/foule"
)

// count plans labels that are counted by design, each by as many visitors as
// have to share it: the store has to hold them in the end.
func (p *Plan) count() {
	label := p.label
	p.counted(p.hit("url", p.page("/"+label("path")), "action_name", "Title "+label("title", foule.FeatureTitles)))
	p.counted(p.hit("e_c", label("category", foule.FeatureEvents), "e_a", label("action", foule.FeatureEvents), "e_n", label("eventname", foule.FeatureEvents)))
	p.counted(p.hit("search", label("keyword", foule.FeatureSearches)))
	p.counted(p.hit("link", "https://out.example.com/"+label("outlink", foule.FeatureLinks)))
	p.counted(p.hit("download", p.page("/"+label("download", foule.FeatureLinks)+".pdf")))
	p.counted(p.hit("new_visit", "1", "url", p.page("/?utm_campaign="+label("campaign", foule.FeatureCampaigns))))
	p.counted(p.hit("new_visit", "1", "urlref", "https://blog.example.net/"+label("referringpage", foule.FeatureReferrers, foule.FeatureReferrerPages)))
	for _, d := range p.site.Dimensions {
		if !d.Off {
			p.counted(p.hit(fmt.Sprintf("dimension%d", d.ID), label("dimension"+number(int(d.ID)), foule.FeatureDimensions)))
		}
	}
	chosen := p.site.KeepQuery
	if p.site.KeepFragment {
		p.counted(p.hit("url", p.page("/#/"+p.word(Fragment, Chosen, "fragment"))))
	}
	for _, param := range chosen {
		p.counted(p.hit("url", p.page("/?"+url.QueryEscape(param)+"="+p.inQuery(param))))
	}
}

// counted plans a hit by so many visitors that its labels are written.
func (p *Plan) counted(q url.Values) {
	from := p.addr("counted", ipv4())
	hits := make([]url.Values, p.Sharers)
	for i := range hits {
		hits[i] = url.Values{}
		for name, values := range q {
			hits[i][name] = values
		}
		hits[i].Set("ua", agent+" "+number(i))
		hits[i].Set("cip", from)
	}
	for group := range slices.Chunk(hits, 100) {
		p.Counting = append(p.Counting, Probe{Method: http.MethodPost, Body: bulk(p.Token, group...), Status: http.StatusOK})
	}
}

// links are URLs in which only host and path may stay.
func (p *Plan) links() {
	fragment := Never
	if p.site.KeepFragment {
		fragment = Chosen
	}
	around := func(name, middle string, class Class) string {
		return "https://" + p.never(UserInfo, name+"user") + ":" + p.never(UserInfo, name+"pass") + "@" + middle +
			"?a=1&" + p.never(Query, name+"key") + "=" + p.never(Query, name+"value") + "#" + p.word(Fragment, class, name+"fragment")
	}
	p.add(
		Probe{Query: p.hit("url", around("page", p.host+":8443/p;"+p.never(Query, "matrix")+"=1", fragment))},
		Probe{Query: p.hit("url", p.page("/?pk_vid=")+p.never(Query, "pkvid")+"&gclid="+p.inQuery("gclid")+"&email="+p.inQuery("email"))},
		Probe{Query: p.hit("urlref", around("referrer", "blog.example.net/post", Never))},
		Probe{Query: p.hit("urlref", around("search", "www.google.com/search/"+p.never(Referrer, "searchpath"), Never)+"&q="+p.never(Referrer, "keyword"))},
		Probe{Query: p.hit("urlref", "https://www.bing.com/"+p.never(Referrer, "bingpath")+"?q="+p.never(Referrer, "bing"))},
		Probe{Query: p.hit("urlref", around("social", "www.facebook.com/"+p.never(Referrer, "profile"), Never))},
		Probe{Query: p.hit("link", around("link", "out.example.com/to", Never))},
		Probe{Query: p.hit("download", around("download", p.host+"/a.pdf", Never))},
		Probe{Query: p.hit("download", "files/a.pdf?"+p.never(Query, "relative")+"#"+p.never(Fragment, "relativefragment"))},
		Probe{Query: p.hit("c_n", around("content", p.host+"/banner.png", Never), "c_p", around("piece", p.host+"/banner.png", Never), "c_t", around("aim", "shop.example/offer", Never))},
		Probe{Query: p.hit("c_n", "/banner.png?"+p.never(Query, "contentquery"), "c_p", "/banner.png#"+p.never(Fragment, "piecefragment"), "c_t", "offer?"+p.never(Query, "aimquery"))},
		Probe{Query: p.hit("link", "mailto:someone@hidden.example?subject="+p.never(Query, "subject"))},
		Probe{Query: p.hit("url", "javascript:"+p.never(Query, "script"))},
		Probe{Query: p.hit("url", p.never(Query, "nourl")+"?x="+p.never(Query, "nourlquery"))},
	)
}

// persons are texts that are kept, but not what they say of people.
func (p *Plan) persons() {
	who := letters(6)
	phone, local := digits(8), "Canary."+who
	mail, ip, ip6 := local+"@hidden-example.org", ipv4(), ipv6()
	spaced := fmt.Sprintf("+33 6 %s %s %s %s", phone[:2], phone[2:4], phone[4:6], phone[6:])
	claims := "eyJzdWIiOiJj" + letters(6) + "WE1" + hexadecimal(6) + "In0"
	jwt := "eyJhbGciOiJIUzI1NiJ9." + claims + ".c2lnbmF0dXJlLWNhbmFyeS16cQ"
	for name, s := range map[string]string{
		"mail": mail, "mail-local": local, "phone": spaced, "phone-end": spaced[6:], "phone-bare": "+336" + phone, "ip-text": ip, "ip6-text": ip6, "jwt": jwt, "jwt-claims": claims,
	} {
		p.given(Person, name, s)
	}
	for _, person := range []string{mail, spaced, "+336" + phone, ip, ip6, jwt} {
		p.person(person)
	}
}

// person sends what is somebody's in everything that becomes a label.
func (p *Plan) person(person string) {
	in := "before " + person + " after"
	path := url.PathEscape(person)
	visit, action := "dimension8", "dimension9"
	for _, d := range p.site.Dimensions {
		visit, action = fmt.Sprintf("dimension%d", d.ID), visit
	}
	p.add(
		Probe{Query: p.hit("action_name", in)},
		Probe{Query: p.hit("url", p.page("/u/"+path+"/edit"))},
		Probe{Query: p.hit("url", p.page("/s?q="+url.QueryEscape(in)))},
		Probe{Query: p.hit("url", p.page("/?utm_campaign="+url.QueryEscape(person)+"&utm_term="+url.QueryEscape(in)+"&utm_source="+url.QueryEscape(person)))},
		Probe{Query: p.hit("mtm_campaign", person)},
		Probe{Query: p.hit("search", in, "search_cat", person)},
		Probe{Query: p.hit("e_c", in, "e_a", person, "e_n", in, "e_v", "3")},
		Probe{Query: p.hit("c_n", in, "c_p", person, "c_t", p.page("/"+path), "c_i", in)},
		Probe{Query: p.hit(visit, in, action, person)},
		Probe{Query: p.hit("idgoal", "0", "revenue", "5", "ec_items", `[["`+person+`","`+in+`",["`+in+`","`+person+`"],5,1]]`)},
		Probe{Query: p.hit("_pks", person, "_pkn", in, "_pkc", `["`+person+`"]`)},
		Probe{Query: p.hit("link", "https://out.example.com/u/"+path)},
		Probe{Query: p.hit("download", p.page("/files/"+path+"/a.pdf"))},
		Probe{Query: p.hit("urlref", "https://blog.example.net/u/"+path)},
	)
	for _, param := range p.site.KeepQuery {
		p.add(Probe{Query: p.hit("url", p.page("/?"+url.QueryEscape(param)+"="+url.QueryEscape(person)))})
	}
}
