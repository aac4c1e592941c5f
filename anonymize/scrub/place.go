package scrub

// minDecimals is how many decimals the coordinates of somebody's place have: five
// are one metre, as a device tells them. With fewer they are a town's or a
// monument's, as sites publish them, and stay.
const minDecimals = 5

// place finds a pair of coordinates at i.
func (v *view) place(i int) (end int) {
	if v.wordChar(i-1) || v.at(i-1) == '.' || v.at(i-1) == '-' && v.is(i, isDigit) {
		return 0
	}
	lat := v.degrees(i, 90)
	if lat == 0 {
		return 0
	}
	lat = v.compass(lat)
	next := lat
	for next < lat+2 && (v.is(next, isBlank) || v.at(next) == ',' || v.at(next) == ';' || v.at(next) == '/' || v.at(next) == '+' || v.at(next) == '_') {
		next++
	}
	if next == lat {
		return 0
	}
	lon := v.degrees(next, 180)
	if lon == 0 {
		return 0
	}
	return v.compass(lon)
}

// compass steps over a quarter of the compass behind a number, if there is one.
func (v *view) compass(i int) int {
	j := v.run(i, isBlank)
	switch v.at(j) | 0x20 {
	case 'n', 's', 'e', 'w', 'o':
		if !v.wordChar(j + 1) {
			return j + 1
		}
	}
	return i
}

// degrees gives the end of a number of degrees at i, or 0.
func (v *view) degrees(i, most int) (end int) {
	if v.at(i) == '-' {
		i++
	}
	value, start := 0, i
	for ; v.is(i, isDigit) && i < start+3; i++ {
		value = value*10 + int(v.at(i)-'0')
	}
	if i == start || value > most || v.at(i) != '.' {
		return 0
	}
	end = v.run(i+1, isDigit)
	if end-i-1 < minDecimals || v.wordChar(end) && v.compass(end) == end || v.at(end) == '.' && v.is(end+1, isDigit) {
		return 0
	}
	return end
}
