package scrub

// minIBANDigits is fewer than any IBAN has digits.
const minIBANDigits = 8

// minCardDigits is the length of the shortest card numbers still given out (Diners).
const minCardDigits = 14

// card finds a payment card number at i: a length and beginning that are given
// out, written in one or in the usual groups, with a right check digit.
func (v *view) card(i int) (end int) {
	if !v.startsNumber(i) {
		return 0
	}
	gaps := " -+._/"
	if v.path {
		gaps = " -+._"
	}
	n := v.number(i, gaps)
	for ; n.groups > 0 && n.count >= minCardDigits; n.dropGroup() {
		if gap := n.gaps[n.groups-1]; gap == 0 && !v.endsNumber(n.end) || gap != 0 && gap != ' ' && gap != '+' {
			continue // what follows a blank may be another number
		}
		if n.grouped() && n.issued() && luhn(n.digits[:n.count]) {
			return n.end
		}
	}
	return 0
}

// grouped accepts one group, groups of four or eight, and 4-6-5 or 4-6-4.
func (n *number) grouped() bool {
	if n.groups == 1 {
		return true
	}
	if n.groups == 3 {
		return n.sizes[0] == 4 && n.sizes[1] == 6
	}
	for _, size := range n.sizes[:n.groups-1] {
		if size != 4 && size != 8 {
			return false
		}
	}
	return n.sizes[n.groups-1] <= 4 || n.sizes[n.groups-1] == 8
}

// issued says whether cards have numbers of that length and beginning (ISO 7812
// as the networks use it).
func (n *number) issued() bool {
	two := int(n.digits[0]-'0')*10 + int(n.digits[1]-'0')
	switch n.count {
	case 14:
		return two == 30 || two == 36 || two == 38
	case 15:
		return two == 34 || two == 37
	case 16:
		return two >= 22 && two <= 27 || two == 35 || two/10 == 4 || two >= 51 && two <= 55 || two/10 == 6
	case 19:
		return two/10 == 4 || two/10 == 6
	}
	return false
}

// luhn checks the digits' check digit (ISO 7812-1, annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// ibanLengths are the countries that give out IBANs and their lengths (ISO 13616).
const ibanLengths = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27" +
	"GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25" +
	"MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SD18SE24SI19SK24SM27ST25SV28" +
	"TL23TN24TR26UA29VA22VG24XK20"

// iban finds an account number at i: country, right length for it, right check
// digits (ISO 7064, mod 97), with or without blanks or hyphens between groups.
func (v *view) iban(i int) (end int) {
	if v.wordChar(i-1) && (!v.hasSuffix(i, "iban") || v.wordChar(i-len("iban")-1)) || !v.is(i+2, isDigit) || !v.is(i+3, isDigit) {
		return 0
	}
	length := ibanLength(v.at(i), v.at(i+1))
	if length == 0 {
		return 0
	}
	var text [34]byte
	n := 0
	for end = i; n < length; end++ {
		if c := v.at(end); v.is(end, isAlnum) {
			text[n] = c
			n++
		} else if c != ' ' && c != '-' && c != '+' || n < 4 || !v.is(end+1, isAlnum) {
			return 0
		}
	}
	if v.wordChar(end) || !mod97(text[:n]) {
		return 0
	}
	return end
}

func ibanLength(a, b byte) int {
	a, b = a&^0x20, b&^0x20
	for i := 0; i < len(ibanLengths); i += 4 {
		if ibanLengths[i] == a && ibanLengths[i+1] == b {
			return int(ibanLengths[i+2]-'0')*10 + int(ibanLengths[i+3]-'0')
		}
	}
	return 0
}

// mod97 reads the account number with its first four characters moved to the
// end, letters as 10 to 35.
func mod97(text []byte) bool {
	rest := 0
	for i := range text {
		c := text[(i+4)%len(text)]
		if c >= '0' && c <= '9' {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c|0x20-'a') + 10) % 97
		}
	}
	return rest == 1
}
