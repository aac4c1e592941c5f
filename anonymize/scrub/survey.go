package scrub

// features are what one quick pass over a text learns, to rule finds out.
type features struct {
	digits, colons, dots     int
	number                   int  // most digits in a row, gaps allowed
	tokens, jwts             bool // a run of letters, digits and joints has the build of one
	encoded                  bool // a word is of mixed case and long enough to hold something
	at, semicolon            bool
	link, question, equals   bool // "://", "?", "="
	bracket, atWord, dotWord bool // of an address that is spelled out
	pairs                    bool // six pairs of letters or digits in a row
}

// survey makes the pass, over decoded bytes.
func survey[T string | []byte](s T, m mode) (f features) {
	run, joints, longest := 0, 0, 0 // of letters, digits and joints
	number, gap := 0, 0
	pairs := 0
	for i := 0; i < len(s); i++ {
		start, uppers, digits := i, 0, 0
		for ; i < len(s) && classes[s[i]]&isAlnum != 0; i++ {
			switch class := classes[s[i]]; {
			case class&isDigit != 0:
				digits++
				number++
				gap = 0
				f.number = max(f.number, number)
				continue
			case class&isUpper != 0:
				uppers++
			}
			number = 0
		}
		f.digits += digits
		if part := i - start; part > 0 {
			run += part
			if part == 2 {
				pairs++
			} else {
				pairs = 0
			}
			f.tokens = f.tokens || part >= minToken || part == 12 && run >= 36 // a UUID's last part
			f.encoded = f.encoded || part >= minEncoded && uppers > 0 && part-digits > uppers
			f.atWord = f.atWord || part <= 7 && s[start]|0x20 == 'a' && (part <= 2 || part >= 6)
			f.dotWord = f.dotWord || (part == 3 || part == 5) && s[i-1]|0x20 == 't'
		}
		if i == len(s) {
			break
		}
		c := s[i]
		if gap++; gap > maxGap || c == '/' && m != inText {
			number = 0
		}
		if classes[c]&isJoint != 0 {
			run++
			joints++
			f.pairs = f.pairs || pairs >= 5
			continue
		}
		f.tokens = f.tokens || run >= minToken && joints*10 <= run
		longest = max(longest, run)
		run, joints = 0, 0
		switch c {
		case '@':
			f.at = true
		case ':':
			f.colons++
			f.pairs = f.pairs || pairs >= 5
			f.link = f.link || i+2 < len(s) && s[i+1] == '/' && s[i+2] == '/'
		case '.':
			f.dots++
		case ';':
			f.semicolon = true
		case '?':
			f.question = true
		case '=':
			f.equals = true
		case '(', '[', '{', '<':
			f.bracket = true
		}
	}
	longest = max(longest, run)
	f.tokens = f.tokens || run >= minToken && joints*10 <= run
	f.jwts = longest >= minJWTHead && f.dots > 0
	return f
}

// suspicious says whether any kind is possible at all.
func (f *features) suspicious() bool {
	return f.at || f.semicolon || f.link || f.equals || f.tokens || f.encoded || f.jwts || f.pairs ||
		f.number >= minPhoneDigits || f.digits >= minIBANDigits || f.colons >= 2 || f.dots >= 2 && f.digits > 0 ||
		f.atWord && (f.dotWord || f.bracket || f.dots > 0) || f.colons > 0 && f.digits > 0
}

func (f *features) mayHold(k kind, m mode) bool {
	switch k {
	case session:
		return m != inText && f.semicolon
	case userInfo:
		return f.link && f.at
	case query:
		return f.link || m != inPath && f.question && f.equals
	case email:
		return f.at
	case spelled:
		return f.at || f.atWord && (f.dotWord || f.bracket || f.dots > 0)
	case encoded:
		return f.encoded
	case jwt:
		return f.jwts
	case iban:
		return f.digits >= minIBANDigits
	case card:
		return f.number >= minCardDigits
	case nir:
		return f.digits >= nirLength-1
	case ipv4:
		return f.dots >= 3 && f.digits >= 4
	case ipv6:
		return f.colons >= 2
	case mac:
		return f.pairs || f.dots >= 2 && f.digits > 0
	case place:
		return f.dots >= 2 && f.digits >= 2+2*minDecimals
	case token:
		return f.tokens
	case phone:
		return f.number >= minPhoneDigits
	case secret:
		return f.equals || f.colons > 0 && f.digits > 0
	}
	return false
}
