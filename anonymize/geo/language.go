package geo

import "strings"

// languages gives the country where most who use a language live, by the
// likely subtags of CLDR (a language in another script than its usual one may
// be at home elsewhere). Constructed and liturgical languages have no country.
const languages = "aa:ET ab:GE af:ZA ak:GH am:ET ar:EG as:IN av:RU ay:BO az:AZ ba:RU be:BY bg:BG bi:VU bm:ML bn:BD bo:CN br:FR bs:BA " +
	"ca:ES ce:RU ch:GU co:FR cr:CA cs:CZ cv:RU cy:GB da:DK de:DE dv:MV dz:BT ee:GH el:GR en:US es:ES et:EE eu:ES " +
	"fa:IR ff:SN fi:FI fj:FJ fo:FO fr:FR fy:NL ga:IE gd:GB gl:ES gn:PY gu:IN gv:IM ha:NG he:IL hi:IN ho:PG hr:HR ht:HT hu:HU hy:AM hz:NA " +
	"id:ID ig:NG ii:CN ik:US in:ID is:IS it:IT iu:CA iw:IL ja:JP jv:ID ka:GE kg:CD ki:KE kj:NA kk:KZ kl:GL km:KH kn:IN ko:KR ks:IN ku:TR kv:RU kw:GB ky:KG " +
	"lb:LU lg:UG li:NL ln:CD lo:LA lt:LT lu:CD lv:LV mg:MG mh:MH mi:NZ mk:MK ml:IN mn:MN mo:MD mr:IN ms:MY mt:MT my:MM " +
	"na:NR nb:NO nd:ZW ne:NP ng:NA nl:NL nn:NO no:NO nr:ZA nv:US ny:MW oc:FR om:ET or:IN os:GE pa:IN pl:PL ps:AF pt:BR qu:PE rm:CH rn:BI ro:RO ru:RU rw:RW " +
	"sc:IT sd:PK se:NO sg:CF sh:RS si:LK sk:SK sl:SI sm:WS sn:ZW so:SO sq:AL sr:RS ss:ZA st:ZA su:ID sv:SE sw:TZ " +
	"ta:IN te:IN tg:TJ th:TH ti:ET tk:TM tl:PH tn:ZA to:TO tr:TR ts:ZA tt:RU ty:PF ug:CN uk:UA ur:PK uz:UZ ve:ZA vi:VN wa:BE wo:SN xh:ZA yo:NG za:CN zh:CN zu:ZA " +
	"ast:ES bem:ZM bho:IN ceb:PH chr:US ckb:IQ csb:PL doi:IN dsb:DE fil:PH fur:IT gsw:CH guz:KE hak:CN haw:US hil:PH hsb:DE ilo:PH kab:DZ kok:IN ksh:DE lij:IT lmo:IT " +
	"luo:KE luy:KE mai:IN mer:KE mfe:MU mni:IN nan:CN nap:IT nds:DE nso:ZA nyn:UG pap:AW pcm:NG sah:RU sat:IN scn:IT sco:GB smn:FI szl:PL tpi:PG tzm:MA vec:IT wuu:CN yue:HK zgh:MA " +
	"az-arab:IR kk-arab:CN ky-arab:CN mn-mong:CN pa-arab:PK sd-deva:IN uz-arab:AF yue-hans:CN zh-hant:TW"

var countryOfLanguage = func() map[string]string {
	m := make(map[string]string)
	for entry := range strings.FieldsSeq(languages) {
		tag, code, _ := strings.Cut(entry, ":")
		m[tag] = countryOf(code).code
	}
	return m
}()

// CountryOfLanguage guesses a country from a language tag (RFC 5646, in any
// case, also with underscores), as Matomo does where it has no database: the
// tag's region if it is a country, else, if the tag names no region, the
// country where most who use the language live. "en-gb" is GB, "fr" is FR,
// "ja" is JP, "en" is US; "en-001", "xx" and "" are "".
func CountryOfLanguage(tag string) string {
	language, rest := subtag(tag)
	if len(language) < 2 || len(language) > 3 {
		return ""
	}
	key := language
	for rest != "" {
		var part string
		switch part, rest = subtag(rest); {
		case len(part) == 2:
			return countryOf(part).code
		case len(part) == 3 && '0' <= part[0] && part[0] <= '9':
			return "" // a part of the world
		case len(part) == 4 && isLetter(part[0]) && key == language:
			key = tag[:len(language)+1+len(part)]
		case len(part) < 2:
			rest = "" // extensions and private use name no region
		}
	}
	if c, ok := lookUp(key); ok {
		return c
	}
	c, _ := lookUp(language)
	return c
}

// subtag cuts off the part before the first hyphen.
func subtag(tag string) (part, rest string) {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		return tag[:i], tag[i+1:]
	}
	return tag, ""
}

// lookUp finds a key of the table, written in any case.
func lookUp(key string) (string, bool) {
	var lower [8]byte // "yue-hans"
	if len(key) > len(lower) {
		return "", false
	}
	for i := range len(key) {
		lower[i] = key[i]
		switch b := key[i]; {
		case b == '_':
			lower[i] = '-'
		case 'A' <= b && b <= 'Z':
			lower[i] = b | 32
		}
	}
	c, ok := countryOfLanguage[string(lower[:len(key)])]
	return c, ok
}
