package canary

import (
	"regexp"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// label plants a label that the site counts if it collects the features: then the
// store has to hold it, else it may be found nowhere. What a site's own rule may
// change is looked for and not insisted on.
func (p *Plan) label(name string, needs ...foule.Feature) string {
	policy := privacy.Of(&p.site)
	for _, f := range needs {
		if !policy.Collects(f, false) {
			return p.word(Uncollected, Never, name)
		}
	}
	if p.scrubbed(name) {
		return p.word(Counted, Chosen, name)
	}
	return p.word(Counted, Kept, name)
}

// scrubbed says that a rule of the site may match the text of that name.
func (p *Plan) scrubbed(name string) bool {
	text := "canary" + name + number(int(p.site.ID)) + p.keep
	for _, rule := range p.site.Privacy.Scrub {
		if re, err := regexp.Compile(rule); err != nil || re.MatchString(text) || re.MatchString("Title "+text) || re.MatchString("/"+text+".pdf") {
			return true
		}
	}
	return false
}

// uncollected plants hits that say what the site leaves alone, by its preset or
// by its operator's choice: none of it leaves a trace (requirements C3, C6, C7
// and C10), although another site of the same collector would keep it.
func (p *Plan) uncollected() {
	policy := privacy.Of(&p.site)
	off := func(f foule.Feature) bool { return !policy.Collects(f, false) }
	never := func(name string) string { return p.word(Uncollected, Never, name) }
	if off(foule.FeatureContents) {
		p.add(Probe{Query: p.hit("c_n", never("content"), "c_p", never("piece"), "c_t", never("aim"), "c_i", never("interaction"))})
	}
	if off(foule.FeatureShop) {
		p.add(
			Probe{Query: p.hit("idgoal", "0", "ec_id", never("order"), "revenue", "7", "ec_items", `[["`+never("sku")+`","`+never("product")+`",["`+never("productcategory")+`"],5,1]]`)},
			Probe{Query: p.hit("_pks", never("seensku"), "_pkn", never("seenproduct"), "_pkc", never("seencategory"))},
		)
	}
	if off(foule.FeatureCampaigns) {
		for _, name := range []string{"utm_campaign", "utm_source", "utm_medium", "utm_term", "utm_content", "utm_id", "mtm_campaign", "mtm_keyword", "mtm_source",
			"pk_campaign", "pk_kwd", "piwik_campaign", "matomo_campaign", "fbclid", "msclkid"} {
			value := never("uncollected" + lettersOf(name))
			p.add(
				Probe{Query: p.hit("url", p.page("/p?"+name+"="+value))},
				Probe{Query: p.hit("url", p.page("/p#/r?"+name+"="+value))},
				Probe{Query: p.hit(name, value)},
			)
		}
	}
	if policy.Consent { // what one says with consent, the other did not say
		p.add(Probe{Query: p.hit("consent", never("consent"))})
		if policy.Collects(foule.FeatureCampaigns, true) {
			p.counted(p.hit("consent", "1", "new_visit", "1", "url", p.page("/?utm_campaign="+p.word(Counted, Kept, "consented"))))
		}
	}
}
