package canary

import (
	"net/http"
	"net/url"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// identities are the parameters that tell somebody apart.
func (p *Plan) identities() {
	id, cid := p.given(Visitor, "_id", hexadecimal(16)), p.given(Visitor, "cid", hexadecimal(16))
	order := p.never(Order, "ecid")
	again := 0
	if policy := privacy.Of(&p.site); policy.Collects(foule.FeatureShop, false) {
		again = 400 // an order counts once
	}
	p.add(
		Probe{Query: p.hit("_id", id, "uid", p.never(User, "uid"), "cid", cid, "pv_id", p.never(Visitor, "pvid"), "_idts", "1700000001", "_ref", p.given(Referrer, "_ref", "https://ref"+p.Tag+".example/"))},
		Probe{Query: p.hit("_rcn", p.never(Parameter, "rcn"), "_rck", p.never(Parameter, "rck"), "r", p.never(Parameter, "r"), "rand", p.never(Parameter, "rand"))},
		Probe{Query: p.hit("ua", "Mozilla/5.0 (X11; Linux x86_64) "+p.never(Agent, "UaParam")+"/1.0 Firefox/140.0", "lang", "fr,x-"+p.never(Language, "lang")+";q=0.4")},
		Probe{Query: p.hit("uadata", p.hints("uadata"))},
		Probe{Query: p.hit("ua", p.never(Agent, "WholeUa"))},
		Probe{Query: p.hit("idgoal", "0", "ec_id", order, "revenue", "12.5", "ec_items", `[["S1","Boots",["Shoes"],9.5,2]]`), Again: again},
		Probe{Query: p.hit("cvar", `{"1":["`+p.never(Parameter, "cvarkey")+`","`+p.never(Parameter, "cvar")+`"]}`, "_cvar", `{"1":["a","`+p.never(Parameter, "visitvar")+`"]}`, "data", p.never(Parameter, "data"))},
		Probe{Query: p.hit("_pks", "S1", "_pkn", "Boots", "pf_srv", "120", "dimension999", p.never(Parameter, "dimension"), "custom_thing", p.never(Parameter, "private"))},
		Probe{Query: p.hit("cs", p.never(Parameter, "charset"), "cdt", p.never(Parameter, "cdt"), "res", p.never(Parameter, "res"), "source", p.never(Parameter, "source"))},
		Probe{Query: p.hit("lat", p.given(Place, "lat", "48."+digits(9)), "long", p.given(Place, "long", "2."+digits(9)), "token_auth", p.Token, "country", "fr")},
		Probe{Query: p.hit("token_auth", p.given(Token, "token_auth", hexadecimal(32)))},
		Probe{Query: p.hit(p.never(Parameter, "name"), "1")},
		Probe{Method: http.MethodPost, Body: p.hit("uid", p.never(User, "formuid"), "_id", id).Encode()},
		Probe{Method: http.MethodPost, Body: p.hit("uid", p.never(User, "beaconuid"), "ping", "1").Encode(), Headers: map[string]string{"Content-Type": "text/plain;charset=UTF-8"}},
		p.form(),
		Probe{Method: http.MethodPost, Body: squeezed(p.hit("uid", p.never(User, "gzipuid")).Encode()), Headers: map[string]string{"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}},
		Probe{Method: http.MethodPost, Headers: map[string]string{"Authorization": "Basic " + p.given(Token, "basic", "Y2FuYXJ5"+hexadecimal(12))}, Status: 200, Body: bulk(p.Token,
			p.hit("uid", p.never(User, "bulkuid"), "cip", p.Addr("bulk-cip", int(p.site.ID), ipv4())), p.hit("ec_id", p.never(Order, "bulkorder"), "idgoal", "0"))},
		Probe{Path: "/piwik.php", Query: p.hit("uid", p.never(User, "piwikuid"), "_idn", p.never(Visitor, "idn"), "_idvc", p.never(Visitor, "idvc"), "_viewts", p.never(Visitor, "viewts"), "_refts", p.never(Visitor, "refts"))},
		Probe{Method: http.MethodHead, Query: p.hit("uid", p.never(User, "headuid"))},
	)
	p.known()
}

// known are parameters of Matomo's tracking API that are used for nothing here, each with a text of its own.
func (p *Plan) known() {
	q := p.hit()
	for _, name := range []string{
		"apiv", "m", "s", "cookie", "pdf", "qt", "realp", "wma", "fla", "java", "ag", "dir", "gears", "queuedtracking",
		"bw_bytes", "debug", "gt_ms", "ma_id", "ma_ti", "ma_re", "ma_mt", "ma_pn", "ma_st", "ma_le", "ma_ps", "ma_ttp", "ma_w", "ma_h", "ma_fs", "ma_se",
		"fa_vid", "fa_id", "fa_fv", "fa_ef", "fa_lf", "fa_name", "_cs", "_ects", "pk_vid", "wtn", "fbclid",
	} {
		q.Set(name, p.never(Parameter, "unused"+lettersOf(name)))
	}
	p.add(Probe{Query: q})
}

// form is a multipart form.
func (p *Plan) form() Probe {
	const boundary = "canaryboundary"
	body := ""
	for name, values := range p.hit("uid", p.never(User, "multipartuid"), "_id", p.given(Visitor, "multipart_id", hexadecimal(16))) {
		body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + values[0] + "\r\n"
	}
	return Probe{Method: http.MethodPost, Body: body + "--" + boundary + "--\r\n", Headers: map[string]string{"Content-Type": "multipart/form-data; boundary=" + boundary}}
}

func (p *Plan) hints(name string) string {
	return `{"brands":[{"brand":"` + p.never(Hint, name+"brand") + `","version":"99"}],"platform":"Android","platformVersion":"` + p.never(Hint, name+"version") +
		`","model":"` + p.never(Hint, name+"model") + `","mobile":true,"formFactors":["` + p.never(Hint, name+"form") + `"]}`
}

// headers are everything that a browser or a proxy adds.
func (p *Plan) headers() {
	p.add(
		Probe{Query: p.hit(), Headers: map[string]string{
			"User-Agent":      "Mozilla/5.0 (Linux; Android 14; " + p.never(Agent, "HeaderModel") + ") " + p.never(Agent, "HeaderUa") + "/2.0 Chrome/140.0.0.0 Mobile",
			"Accept-Language": "de-DE,x-" + p.never(Language, "headerlang") + ";q=0.3",
			"Cookie":          p.never(Cookie, "cookie") + "=" + p.never(Cookie, "cookievalue") + "; _pk_id.1.ab=" + p.given(Cookie, "_pk_id", hexadecimal(16)),
			"Authorization":   "Bearer " + p.never(Token, "bearer"),
			"X-Secret":        p.never(Header, "secret"), "X-Request-Id": p.never(Header, "requestid"), "Origin": p.page(""),
			"Sec-Ch-Ua": `"` + p.never(Hint, "ChUa") + `";v="7"`, "Sec-Ch-Ua-Model": `"` + p.never(Hint, "ChModel") + `"`, "Sec-Ch-Ua-Platform": `"` + p.never(Hint, "ChPlatform") + `"`,
			"Referer": p.page("/?") + p.never(Referrer, "referer"),
		}},
		Probe{Query: p.hit(), Headers: map[string]string{
			"Sec-Ch-Ua-Full-Version-List": `"` + p.never(Hint, "ChFull") + `";v="7.1"`, "Sec-Ch-Ua-Platform-Version": `"` + p.never(Hint, "ChVersion") + `"`,
			"Sec-Ch-Ua-Arch": p.never(Hint, "ChArch"), "Sec-Ch-Ua-Bitness": p.never(Hint, "ChBitness"), "Sec-Ch-Ua-Wow64": p.never(Hint, "ChWow"),
			"Sec-Ch-Ua-Form-Factors": p.never(Hint, "ChForm"), "Sec-Ch-Ua-Mobile": "?1", "Device-Memory": p.never(Hint, "memory"), "Viewport-Width": p.never(Hint, "viewport"),
			"From": p.never(Header, "from") + "@hidden.example", "If-None-Match": `"` + p.never(Header, "etag") + `"`, "Accept": p.never(Header, "accept"),
			"X-Wap-Profile": p.never(Header, "wap"), "X-Device-Id": p.never(Header, "device"), "Traceparent": p.never(Header, "trace"), "Baggage": p.never(Header, "baggage"),
			"Proxy-Authorization": "Bearer " + p.never(Token, "proxyauth"), "X-Api-Key": p.never(Token, "apikey"), "Cf-Ray": p.never(Header, "ray"), "Ja3": p.never(Header, "ja"),
		}},
		// The bare image in a page: the page's address comes in the Referer.
		Probe{Query: url.Values{"idsite": {p.hit().Get("idsite")}, "rec": {"1"}, "send_image": {"0"}}, Headers: map[string]string{"Referer": p.page("/?") + p.never(Referrer, "imagereferer")}},
	)
}
