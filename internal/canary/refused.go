package canary

import (
	"net/http"
	"net/url"
	"strings"
)

// leftOut are hits that are counted by reason only.
func (p *Plan) leftOut() {
	for name, headers := range map[string]map[string]string{
		"dnt": {"DNT": "1"}, "gpc": {"Sec-GPC": "1"}, "prefetch": {"Sec-Purpose": "prefetch"}, "optout": {"Cookie": "foule_optout=1"},
		"bot": {"User-Agent": "Googlebot/2.1 " + p.never(Agent, "bot")},
	} {
		class := Never
		if name == "dnt" && p.site.IgnoreDNT {
			class = Chosen
		}
		word := p.word(LeftOut, class, "leftout"+name)
		p.add(Probe{Query: p.hit("action_name", word, "url", p.page("/"+word), "uid", p.never(LeftOut, "leftoutuid"+name)), Headers: headers})
	}
	word := p.never(LeftOut, "notrecorded")
	quiet := p.hit("action_name", word)
	quiet.Del("rec")
	p.add(Probe{Query: quiet}, Probe{Query: p.hit("tracker_install_check", word, "action_name", word)})
}

// refused are requests that are not taken; nothing of them is to be told to anybody.
func (p *Plan) refused() {
	word := p.never(Malformed, "refused")
	noSite := p.hit("action_name", word)
	noSite.Del("idsite")
	bad := func(q url.Values) { p.add(Probe{Query: q, Status: http.StatusBadRequest}) }
	bad(noSite)
	bad(p.hit("idsite", word))
	bad(p.hit("idsite", "987654321", "action_name", word, "uid", word))
	bad(p.hit("cid", word))
	bad(p.hit("cip", p.addr("cip-without-token", ipv4())))
	bad(p.hit("cip", p.addr("cip-with-bad-token", ipv4()), "token_auth", word))
	bad(p.hit("idgoal", "987654", "action_name", word))
	bad(p.hit("cdt", "2020-01-02 03:04:05", "action_name", word))
	bad(p.hit("e_c", " ", "e_a", word))
	bad(p.hit("ca", "1", "action_name", word))
	bad(p.hit("pf_srv", "-7", "action_name", word))
	gzip := map[string]string{"Content-Encoding": "gzip"}
	post := http.MethodPost
	p.add(
		Probe{Method: post, Body: `{"requests":["?idsite=1&rec=1&uid=` + word + `"`, Status: 400},
		Probe{Method: post, Body: `{"requests":[],"token_auth":"` + word + `"}`, Status: 400},
		Probe{Method: post, Body: bulk(p.Token, url.Values{"idsite": {word}, "uid": {word}}, p.hit("cid", word)), Status: 200},
		Probe{Method: post, Body: word, Headers: gzip, Status: 400},
		Probe{Method: post, Body: squeezed(word)[:20], Headers: gzip, Status: 400},
		Probe{Method: post, Body: word, Headers: map[string]string{"Content-Encoding": word}, Status: 415},
		Probe{Method: http.MethodPut, Body: word, Status: 405},
		Probe{Method: strings.ToUpper(word), Query: p.hit("uid", word), Status: 405},
		Probe{Path: "/" + word, Query: p.hit("uid", word), Status: 404},
		Probe{Path: "/matomo.php?action_name=" + word + "&x=" + strings.Repeat("y", 66_000), Status: 414},
		Probe{Query: p.hit("uid", word), Headers: map[string]string{"X-Long": word + strings.Repeat("y", 80_000)}, Status: 431},
		Probe{Path: "/matomo.php?idsite=" + p.hit().Get("idsite") + "&rec=1&send_image=0&action_name=%ff%fe%zz&uid=%e9" + word},
		Probe{Path: "/matomo.php?idsite=" + p.hit().Get("idsite") + "&rec=1&send_image=0&e_v=" + word + "&revenue=" + word + "&h=" + word + "&res=" + word + "x" + word},
	)
}

// beyond is what is no HTTP at all.
func (p *Plan) beyond() {
	word := p.never(Malformed, "garbage")
	p.Garbage = append(p.Garbage,
		word+" /"+word+" HTTP/9.9\r\n\r\n",
		"GET /matomo.php?uid="+word+" HTTP/1.1\r\nHost: "+word+"\r\nBad Header "+word+"\r\n\r\n",
		"POST /matomo.php HTTP/1.1\r\nHost: x\r\nContent-Length: "+word+"\r\n\r\n",
		"\x16\x03\x01"+word,
	)
}

// others are the tracking side's other addresses.
func (p *Plan) others() {
	for _, path := range []string{"/healthz", "/robots.txt", "/foule.js", "/matomo.js", "/optout", "/optout.js"} {
		p.add(Probe{
			Path: path, Query: url.Values{"language": {p.never(Parameter, "language"+lettersOf(path))}, "who": {p.never(Parameter, "who"+lettersOf(path))}}, Status: 200,
			Headers: map[string]string{"User-Agent": p.never(Agent, "other"+lettersOf(path)), "Referer": p.page("/?") + p.never(Referrer, "other"+lettersOf(path)), "Accept-Language": "x-" + p.never(Language, "other"+lettersOf(path))},
		})
	}
}
