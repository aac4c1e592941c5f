package process

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// try is one request and the status that shows how far it came.
type try struct {
	method  string // "": GET
	path    string // "": /matomo.php
	query   url.Values
	headers map[string]string
	body    string
	status  int
	again   int // status from the second time on, if it is another
}

// control stands in a title, which is kept: the search has to find it.
const control = "KeptTitle of the control"

// TestCanary is invariant I1: of all that a client sends, what may not leave
// the door stands in no file of the data folder, no line of output, no metric
// and no answer, in no usual encoding, neither while hits come nor afterwards.
func TestCanary(t *testing.T) {
	data := t.TempDir()
	var site struct{ ID int }
	command(t, &site, "site", "add", "Canary", "--data", data)
	for scope, number := range map[string]string{"visit": "8", "action": "9"} {
		command(t, &site, "dimension", "add", scope, "--site", "1", "--scope", scope, "--id", number, "--data", data)
	}
	var made struct{ Token string }
	command(t, &made, "token", "create", "--name", "canary", "--scope", "write", "--data", data)
	c := start(t, data, "--log-level", "debug", "--metrics-listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1")
	c.wait(t)

	var m markers
	m.text(made.Token)
	tries := append(hits(&m, made.Token), rotten(&m, made.Token)...)
	for round := range 3 {
		for i := range tries {
			if found := m.in(tries[i].send(t, c.ready.Tracking)); len(found) > 0 {
				t.Errorf("an answer holds %q", found)
			}
		}
		garbage(t, &m, c.ready.Tracking)
		look(t, &m, data, c)
		if round == 0 {
			settle(t, c)
			look(t, &m, data, c)
		}
	}
	metrics := get(t, c.ready.Metrics)
	if !bytes.Contains(metrics, []byte("foule_hits_total")) || !bytes.Contains(metrics, []byte(`foule_requests_refused_total{reason="visitor-id"}`)) {
		t.Errorf("the metrics lack counters:\n%s", metrics)
	}
	c.stop(t)
	look(t, &m, data, c)
	if !kept(t, data) {
		t.Errorf("%q is not found in the data folder, so the search proves nothing", control)
	}
}

// look searches all that the process has written so far.
func look(t *testing.T, m *markers, data string, c *collector) {
	t.Helper()
	contents := files(t, data)
	contents["standard output"], contents["standard error"] = c.out.Bytes(), c.log.Bytes()
	select {
	case <-c.exited:
	default:
		contents["metrics"] = get(t, c.ready.Metrics)
	}
	for name, content := range contents {
		if found := m.in(content); len(found) > 0 {
			t.Errorf("%s holds %q", strings.TrimPrefix(name, data), found)
		}
		if found := m.in([]byte(name)); len(found) > 0 {
			t.Errorf("a file is named after %q", found)
		}
	}
}

func kept(t *testing.T, data string) bool {
	for _, content := range files(t, data) {
		if bytes.Contains(content, []byte(control)) {
			return true
		}
	}
	return false
}

// settle waits until a batch has been applied.
func settle(t *testing.T, c *collector) {
	t.Helper()
	end := time.After(patience)
	for bytes.Contains(get(t, c.ready.Metrics), []byte("foule_batches_applied_total 0\n")) {
		select {
		case <-end:
			t.Fatal("no batch reaches the store")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, res.Status, err)
	}
	return body
}

// send gives the answer, headers and body, as it came.
func (one *try) send(t *testing.T, base string) []byte {
	t.Helper()
	method, path := one.method, one.path
	if method == "" {
		method = http.MethodGet
	}
	if path == "" {
		path = "/matomo.php"
	}
	if one.query != nil {
		path += "?" + one.query.Encode()
	}
	req, err := http.NewRequest(method, base+path, strings.NewReader(one.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", agent)
	for name, value := range one.headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != one.status {
		t.Errorf("%s %s: %s, want %d", method, path, res.Status, one.status)
	}
	if one.again != 0 {
		one.status = one.again
	}
	var answer bytes.Buffer
	if err := res.Header.Write(&answer); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(&answer, res.Body); err != nil {
		t.Fatal(err)
	}
	return answer.Bytes()
}

// hit is a page view with more parameters.
func hit(more ...string) url.Values {
	q := url.Values{"idsite": {"1"}, "rec": {"1"}, "send_image": {"0"}, "url": {"https://example.org/"}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q
}

// hits are requests that are counted, or left out on purpose, with a marker
// wherever something may not leave.
func hits(m *markers, token string) []try {
	tries := []try{{query: hit("action_name", control), status: 204}}
	for _, build := range []func(*markers, string) []try{identities, links, insideLabels, addresses, leftOut} {
		tries = append(tries, build(m, token)...)
	}
	return tries
}

// identities are the parameters and headers that tell somebody apart.
func identities(m *markers, token string) []try {
	const id, cid = "fade0123beef4567", "ACE0ACE0BAD1BAD1"
	m.text(id)
	m.text(cid)
	hints := func(name string) string {
		return `{"brands":[{"brand":"` + m.text(name+"brand") + `","version":"99"}],"platform":"Android","platformVersion":"` + m.text(name+"version") +
			`","model":"` + m.text(name+"model") + `","mobile":true,"formFactors":["` + m.text(name+"form") + `"]}`
	}
	return []try{
		{query: hit("_id", id, "uid", m.text("canaryuidzq"), "cid", cid, "pv_id", m.text("zqpvid"), "_idts", "1700000001", "_ref", m.text("https://canaryrefzq.example/")), status: 204},
		{query: hit("_rcn", m.text("canaryrcnzq"), "_rck", m.text("canaryrckzq"), "r", m.text("canaryrzq"), "rand", m.text("canaryrandzq")), status: 204},
		{query: hit("ua", "Mozilla/5.0 (X11; Linux x86_64) "+m.text("CanaryUaParamZq")+"/1.0 Firefox/140.0", "lang", "fr,x-"+m.text("canarylangzq")+";q=0.4"), status: 204},
		{query: hit("uadata", hints("canaryuadatazq")), status: 204},
		{query: hit("ua", m.text("CanaryWholeUaZq")), status: 204},
		{query: hit("idgoal", "0", "ec_id", m.text("canaryorderzq"), "revenue", "12.5", "ec_items", `[["S1","Boots",["Shoes"],9.5,2]]`), status: 204, again: 400},
		{query: hit("cvar", `{"1":["`+m.text("canarycvarkeyzq")+`","`+m.text("canarycvarzq")+`"]}`, "_cvar", `{"1":["a","`+m.text("canaryvisitvarzq")+`"]}`, "data", m.text("canarydatazq")), status: 204},
		{query: hit("_pks", "S1", "_pkn", "Boots", "pf_srv", "120", "dimension1", m.text("canarydimensionzq"), "custom_thing", m.text("canaryprivatezq")), status: 204},
		{query: hit("cs", m.text("canarycharsetzq"), "cdt", m.text("canarycdtzq"), "res", m.text("canaryreszq"), "source", m.text("canarysourcezq")), status: 204},
		{query: hit("lat", m.text("48.858370111"), "long", m.text("2.294481222"), "token_auth", token, "country", "fr"), status: 204},
		{query: hit("token_auth", m.text("deadbeefdeadbeefdeadbeefdeadbeef")), status: 204},
		{query: hit(m.text("canarynamezq"), "1"), status: 204},
		{method: "POST", body: hit("uid", m.text("canaryformuidzq"), "_id", id).Encode(), status: 204},
		{query: hit(), headers: map[string]string{
			"User-Agent":      "Mozilla/5.0 (Linux; Android 14; " + m.text("CanaryHeaderModelZq") + ") " + m.text("CanaryHeaderUaZq") + "/2.0 Chrome/140.0.0.0 Mobile",
			"Accept-Language": "de-DE,x-" + m.text("canaryheaderlangzq") + ";q=0.3",
			"Cookie":          m.text("canarycookiezq") + "=" + m.text("canarycookievaluezq") + "; _pk_id.1.ab=" + id,
			"Authorization":   "Bearer " + m.text("canarybearerzq"),
			"X-Secret":        m.text("canaryheaderzq"), "X-Request-Id": m.text("canaryrequestzq"), "Origin": "https://example.org",
			"Sec-Ch-Ua": `"` + m.text("CanaryChUaZq") + `";v="7"`, "Sec-Ch-Ua-Model": `"` + m.text("CanaryChModelZq") + `"`, "Sec-Ch-Ua-Platform": `"` + m.text("CanaryChPlatformZq") + `"`,
			"Referer": "https://example.org/?" + m.text("canaryrefererzq"),
		}, status: 204},
		{method: "POST", headers: map[string]string{"Authorization": "Basic " + m.text("Y2FuYXJ5OnNlY3JldHpx")}, status: 200, body: bulk(token,
			hit("uid", m.text("canarybulkuidzq"), "cip", m.address("203.0.113.68")), hit("ec_id", m.text("canarybulkorderzq"), "idgoal", "0"))},
	}
}

// links are URLs in which only host and path may stay.
func links(m *markers, _ string) []try {
	around := func(name, middle string) string {
		return "https://" + m.text(name+"user") + ":" + m.text(name+"pass") + "@" + middle + "?a=1&" + m.text(name+"key") + "=" + m.text(name+"value") + "#" + m.text(name+"fragment")
	}
	return []try{
		{query: hit("url", around("canarypagezq", "example.org:8443/p;"+m.text("canarymatrixzq")+"=1")), status: 204},
		{query: hit("url", "https://example.org/?pk_vid="+m.text("canarypkvidzq")+"&gclid="+m.text("canarygclidzq")+"&email="+m.text("canarymailparamzq")), status: 204},
		{query: hit("urlref", around("canaryreferrerzq", "blog.example.net/post")), status: 204},
		{query: hit("urlref", around("canarysearchzq", "www.google.com/search/"+m.text("canarysearchpathzq"))+"&q="+m.text("canarykeywordzq")), status: 204},
		{query: hit("urlref", "https://www.bing.com/"+m.text("canarybingpathzq")+"?q="+m.text("canarybingzq")), status: 204},
		{query: hit("urlref", around("canarysocialzq", "www.facebook.com/"+m.text("canaryprofilezq"))), status: 204},
		{query: hit("link", around("canarylinkzq", "out.example.com/to")), status: 204},
		{query: hit("download", around("canarydownloadzq", "example.org/a.pdf")), status: 204},
		{query: hit("download", "files/a.pdf?"+m.text("canaryrelativezq")+"#"+m.text("canaryrelativefragmentzq")), status: 204},
		{query: hit("c_n", around("canarycontentzq", "example.org/banner.png"), "c_p", around("canarypiecezq", "example.org/banner.png"), "c_t", around("canaryaimzq", "shop.example/offer")), status: 204},
		{query: hit("c_n", "/banner.png?"+m.text("canarycontentqueryzq"), "c_p", "/banner.png#"+m.text("canarypiecefragmentzq"), "c_t", "offer?"+m.text("canaryaimqueryzq")), status: 204},
		{query: hit("link", "mailto:someone@hidden.example?subject="+m.text("canarysubjectzq")), status: 204},
		{query: hit("url", "javascript:"+m.text("canaryscriptzq")), status: 204},
		{query: hit("url", m.text("canarynourlzq")+"?x="+m.text("canarynourlqueryzq")), status: 204},
	}
}

// insideLabels are texts that are kept, but not what they say of people.
func insideLabels(m *markers, _ string) []try {
	const (
		mail  = "Canary.Mail@hidden-example.org"
		phone = "+33 6 98 76 54 01"
		bare  = "+33698765401"
		ip    = "198.51.100.77"
		ip6   = "2001:db8:77aa:bb01:cc02:dd03:ee04:ff05"
		jwt   = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnktcGVyc29uIn0.c2lnbmF0dXJlLWNhbmFyeS16cQ"
	)
	for _, s := range []string{mail, "Canary.Mail", phone, bare, "98 76 54 01", ip, ip6, jwt, "eyJzdWIiOiJjYW5hcnktcGVyc29uIn0"} {
		m.text(s)
	}
	var tries []try
	for _, person := range []string{mail, phone, bare, ip, ip6, jwt} {
		in := "before " + person + " after"
		path := url.PathEscape(person)
		tries = append(tries,
			try{query: hit("action_name", in), status: 204},
			try{query: hit("url", "https://example.org/u/"+path+"/edit"), status: 204},
			try{query: hit("url", "https://example.org/s?q="+url.QueryEscape(in)), status: 204},
			try{query: hit("url", "https://example.org/?utm_campaign="+url.QueryEscape(person)+"&utm_term="+url.QueryEscape(in)+"&utm_source="+url.QueryEscape(person)), status: 204},
			try{query: hit("mtm_campaign", person), status: 204},
			try{query: hit("search", in, "search_cat", person), status: 204},
			try{query: hit("e_c", in, "e_a", person, "e_n", in, "e_v", "3"), status: 204},
			try{query: hit("c_n", in, "c_p", person, "c_t", "https://example.org/"+path, "c_i", in), status: 204},
			try{query: hit("dimension8", in, "dimension9", person), status: 204},
			try{query: hit("idgoal", "0", "revenue", "5", "ec_items", `[["`+person+`","`+in+`",["`+in+`","`+person+`"],5,1]]`), status: 204},
			try{query: hit("_pks", person, "_pkn", in, "_pkc", `["`+person+`"]`), status: 204},
			try{query: hit("link", "https://out.example.com/u/"+path), status: 204},
			try{query: hit("download", "https://example.org/files/"+path+"/a.pdf"), status: 204},
			try{query: hit("urlref", "https://blog.example.net/u/"+path), status: 204},
		)
	}
	return tries
}

// addresses come in every way that an address can come.
func addresses(m *markers, token string) []try {
	for _, truncated := range []string{"203.0.113.", "198.51.100.", "192.0.2."} {
		m.text(truncated)
	}
	tries := []try{
		{query: hit("cip", m.address("203.0.113.197"), "token_auth", token), status: 204},
		{query: hit("cip", m.address("2001:db8:cafe:17:9a3b:71ff:fe12:4d5e"), "token_auth", token), status: 204},
		{query: hit("cip", "::ffff:"+m.address("203.0.113.211"), "token_auth", token), status: 204},
		{query: hit("cip", m.text("canarycipzq"), "token_auth", token), status: 204},
	}
	for _, ip := range []string{"198.51.100.213", "2001:db8:beef:28:1b2c:3d4e:5f60:7182"} {
		tries = append(tries, try{query: hit(), headers: map[string]string{"X-Forwarded-For": "10.1.2.3, " + m.address(ip)}, status: 204})
	}
	for i, name := range []string{"Cf-Connecting-Ip", "X-Real-Ip", "True-Client-Ip", "Forwarded", "Via", "X-Cluster-Client-Ip"} {
		ip := []string{"192.0.2.141", "192.0.2.142", "192.0.2.143", "192.0.2.144", "192.0.2.145", "192.0.2.146"}[i]
		tries = append(tries, try{query: hit(), headers: map[string]string{name: "for=" + m.address(ip)}, status: 204})
	}
	return append(tries, try{query: hit(), headers: map[string]string{"X-Forwarded-For": m.text("canaryforwardedzq") + ", " + m.address("198.51.100.215")}, status: 204})
}

// leftOut are hits that are counted by reason only.
func leftOut(m *markers, token string) []try {
	var tries []try
	for name, headers := range map[string]map[string]string{
		"dnt": {"DNT": "1"}, "gpc": {"Sec-GPC": "1"}, "prefetch": {"Sec-Purpose": "prefetch"}, "optout": {"Cookie": "foule_optout=1"},
		"bot": {"User-Agent": "Googlebot/2.1 " + m.text("canarybotzq")},
	} {
		word := m.text("canaryleftout" + name + "zq")
		tries = append(tries, try{query: hit("action_name", word, "url", "https://example.org/"+word, "uid", word), headers: headers, status: 204})
	}
	word := m.text("canarynotrecordedzq")
	quiet := hit("action_name", word)
	quiet.Del("rec")
	return append(tries, try{query: quiet, status: 204},
		try{query: hit("tracker_install_check", word, "action_name", word), status: 204})
}

// rotten are requests that are refused; nothing of them is to be told to anybody.
func rotten(m *markers, token string) []try {
	word := m.text("canaryrottenzq")
	noSite := hit("action_name", word)
	noSite.Del("idsite")
	return []try{
		{query: noSite, status: 400},
		{query: hit("idsite", word), status: 400},
		{query: hit("idsite", "987654", "action_name", word, "uid", word), status: 400},
		{query: hit("cid", word), status: 400},
		{query: hit("cip", m.address("203.0.113.222")), status: 400},
		{query: hit("cip", m.address("203.0.113.223"), "token_auth", word), status: 400},
		{query: hit("idgoal", "77", "action_name", word), status: 400},
		{query: hit("cdt", "2020-01-02 03:04:05", "action_name", word), status: 400},
		{query: hit("e_c", " ", "e_a", word), status: 400},
		{query: hit("ca", "1", "action_name", word), status: 400},
		{query: hit("pf_srv", "-7", "action_name", word), status: 400},
		{method: "POST", body: `{"requests":["?idsite=1&rec=1&uid=` + word + `"`, status: 400},
		{method: "POST", body: `{"requests":[],"token_auth":"` + word + `"}`, status: 400},
		{method: "POST", body: bulk(token, url.Values{"idsite": {word}, "uid": {word}}, hit("cid", word)), status: 200},
		{method: "POST", body: word, headers: map[string]string{"Content-Encoding": "gzip"}, status: 400},
		{method: "POST", body: squeezed(word)[:20], headers: map[string]string{"Content-Encoding": "gzip"}, status: 400},
		{method: "POST", body: word, headers: map[string]string{"Content-Encoding": word}, status: 415},
		{method: "PUT", body: word, status: 405},
		{method: strings.ToUpper(word), query: hit("uid", word), status: 405},
		{path: "/" + word, query: hit("uid", word), status: 404},
		{path: "/matomo.php?action_name=" + word + "&x=" + strings.Repeat("y", 70_000), status: 414},
		{query: hit("uid", word), headers: map[string]string{"X-Long": word + strings.Repeat("y", 80_000)}, status: 431},
		{path: "/matomo.php?idsite=1&rec=1&send_image=0&action_name=%ff%fe%zz&uid=%e9" + word, status: 204},
		{path: "/matomo.php?idsite=1&rec=1&send_image=0&e_v=" + word + "&revenue=" + word + "&h=" + word + "&res=" + word + "x" + word, status: 204},
	}
}

// bulk is a body of several hits.
func bulk(token string, hits ...url.Values) string {
	queries := make([]string, len(hits))
	for i, h := range hits {
		queries[i] = "?" + h.Encode()
	}
	body, err := json.Marshal(map[string]any{"requests": queries, "token_auth": token})
	if err != nil {
		panic(err)
	}
	return string(body)
}

func squeezed(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// garbage is what is no HTTP at all.
func garbage(t *testing.T, m *markers, base string) {
	t.Helper()
	word := m.text("canarygarbagezq")
	for _, raw := range []string{
		word + " /" + word + " HTTP/9.9\r\n\r\n",
		"GET /matomo.php?uid=" + word + " HTTP/1.1\r\nHost: " + word + "\r\nBad Header " + word + "\r\n\r\n",
		"POST /matomo.php HTTP/1.1\r\nHost: x\r\nContent-Length: " + word + "\r\n\r\n",
		"\x16\x03\x01" + word,
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, raw); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(conn) // it may be cut off, and that is an answer too
		conn.Close()
		if found := m.in(answer); len(found) > 0 {
			t.Errorf("the answer to garbage holds %q", found)
		}
	}
}
