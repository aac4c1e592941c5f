package geo

// continents lists the countries of ISO 3166-1 by continent, and Kosovo under
// the code it is commonly given. They follow the regions of UN M49, North
// America with Central America and the Caribbean; apart from it, Cyprus stands
// under Europe, the British Indian Ocean Territory under Asia, and the islands
// near the Antarctic under Antarctica, as databases of addresses have them.
var continents = [...]struct{ code, countries string }{
	{"AF", "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"},
	{"AN", "AQ BV GS HM TF"},
	{"AS", "AE AF AM AZ BD BH BN BT CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"},
	{"EU", "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK"},
	{"NA", "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI"},
	{"OC", "AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"},
	{"SA", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"},
}

// country is an entry of the table; its strings are the table's own, so that a
// label costs no memory.
type country struct{ code, continent string }

var countries = func() (table [26 * 26]country) {
	for _, c := range continents {
		for i := 0; i < len(c.countries); i += 3 {
			code := c.countries[i : i+2]
			table[slot(code[0], code[1])] = country{code, c.code}
		}
	}
	return table
}()

// slot gives the place of two letters, of either case, in the table.
func slot(a, b byte) int { return int(a&31-1)*26 + int(b&31-1) }

func isLetter(b byte) bool { return 'a' <= b|32 && b|32 <= 'z' }

// countryOf gives the country of a code in either case; the zero country if
// there is none.
func countryOf(code string) country {
	if len(code) != 2 || !isLetter(code[0]) || !isLetter(code[1]) {
		return country{}
	}
	return countries[slot(code[0], code[1])]
}

// Continent gives the continent of a country, AF AN AS EU NA OC or SA, for an
// alpha-2 code of ISO 3166-1 (or XK) in either case; "" for any other.
func Continent(country string) string { return countryOf(country).continent }

// continentOf gives the code if it is one of the seven that Continent gives.
func continentOf(code string) string {
	for _, c := range continents {
		if c.code == code {
			return c.code
		}
	}
	return ""
}
