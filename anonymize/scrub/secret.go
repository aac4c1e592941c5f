package scrub

import (
	"slices"
	"strings"
)

// secretNames are names whose values are somebody's, without "-" and "_".
var secretNames = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`
		password passwd passwort kennwort pwd pass mdp motdepasse
		token accesstoken idtoken refreshtoken authtoken resettoken csrftoken logintoken usertoken sessiontoken
		auth authorization apikey apitoken accesskey secret secretkey clientsecret sig signature otp
		session sessionid sessid sid phpsessid jsessionid aspsessionid csrf xsrf
		email mail emailaddress useremail courriel phone phonenumber tel telephone mobile
		user username userid uid login memberid clientid customerid customernumber
		firstname lastname fullname surname prenom nom nomdefamille vorname nachname
		lat lng lon latitude longitude dob birthdate birthday datedenaissance geburtsdatum iban nir ssn`) {
		names[name] = true
	}
	return names
}()

// maxSecretName is longer than any of the names with its "-" and "_".
const maxSecretName = 24

// spokenNames are those of them that are also written with a colon: password: x.
// Others begin many an innocent title.
var spokenNames = []string{"password", "passwd", "passwort", "kennwort", "pwd", "mdp", "token", "apikey", "secret", "login", "username", "email"}

// secret finds what follows the "=" or ":" at i after the name of something
// secret, to the end of the word. What has a placeholder already, and what is
// only said to be there or not, is left; behind a colon, what is a plain word.
func (v *view) secret(i int) (start, end int) {
	name := v.nameBefore(i)
	if !secretNames[name] {
		return 0, 0
	}
	start = i + 1
	spoken := v.at(i) == ':'
	if spoken {
		if !slices.Contains(spokenNames, name) {
			return 0, 0
		}
		start = v.run(start, isBlank)
	}
	if v.at(start) == '"' || v.at(start) == '\'' {
		start++
	}
	for end = start; end < v.n && strings.IndexByte(" &;?#/,\"'<>|)=", v.at(end)) < 0; {
		end++
	}
	if v.at(start) == '[' || end == start || v.word(start, flagWords) == end-start {
		return 0, 0
	}
	if m := v.mix(start, end); spoken && (end-start < 6 || m.digits == 0 || m.lower+m.upper == 0) {
		return 0, 0
	}
	return start, end
}

// nameBefore gives the name before the "=" or ":" at i, as a key of secretNames;
// of user[email] the inner one. It is "" if it is longer than any of them.
func (v *view) nameBefore(i int) string {
	var name [maxSecretName]byte
	n := len(name)
	i--
	inner := v.at(i) == ']'
	if inner || v.at(i) == ' ' && v.at(i+1) == ':' || v.at(i) == '"' || v.at(i) == '\'' {
		i--
	}
	for ; v.is(i, isAlnum) || v.at(i) == '-' || v.at(i) == '_'; i-- {
		c := v.at(i)
		if c == '-' || c == '_' {
			continue
		}
		if n--; n < 0 {
			return ""
		}
		if name[n] = c; classes[c]&isUpper != 0 {
			name[n] |= 0x20
		}
	}
	if inner && !(v.at(i) == '[' && v.wordChar(i-1)) {
		return "" // a placeholder
	}
	return string(name[n:])
}

// flagWords say that something is there or not, and nothing of what it is.
var flagWords = []string{"true", "false", "yes", "no", "on", "off", "null", "none", "undefined", "0", "1"}
