package scrub

// nirLength is that of a French social security number with its key.
const nirLength = 15

// nir finds a French social security number at i (numéro d'inscription au
// répertoire): sex, year and month of birth, place, number, and a right key; in
// one or in groups. Without its key it could be an article's number, and stays.
func (v *view) nir(i int) (end int) {
	if !v.startsNumber(i) {
		return 0
	}
	var text [nirLength]byte
	n := 0
	for end = i; n < nirLength; end++ {
		c := v.at(end)
		switch {
		case v.is(end, isDigit):
		case n == 6 && (c|0x20 == 'a' || c|0x20 == 'b') && text[5] == '2': // Corsica
			c &^= 0x20
		case n > 0 && (v.is(end, isBlank|isJoint) || c == '.') && !(v.is(end-1, isBlank|isJoint) || v.at(end-1) == '.'):
			continue
		default:
			return 0
		}
		text[n] = c
		n++
	}
	if !v.endsNumber(end) || !isNIR(&text) {
		return 0
	}
	return end
}

func isNIR(text *[nirLength]byte) bool {
	if text[0] != '1' && text[0] != '2' && text[0] != '7' && text[0] != '8' {
		return false
	}
	month := int(text[3]-'0')*10 + int(text[4]-'0')
	if month == 0 || month > 12 && month < 20 || month > 42 && month < 50 {
		return false
	}
	number, corsica := 0, 0
	for i, c := range text[:13] {
		switch {
		case i == 6 && c == 'A':
			c, corsica = '0', 1_000_000
		case i == 6 && c == 'B':
			c, corsica = '0', 2_000_000
		}
		number = number*10 + int(c-'0')
	}
	key := int(text[13]-'0')*10 + int(text[14]-'0')
	return key == 97-(number-corsica)%97
}
