package scrub

import "strings"

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
		dob birthdate birthday datedenaissance geburtsdatum iban nir ssn`) {
		names[name] = true
	}
	return names
}()

// maxSecretName is longer than any of the names with its "-" and "_".
const maxSecretName = 24

// secret finds what follows the "=" at i after the name of something secret, to
// the end of the word. What has a placeholder already, and what is only said to
// be there or not, is left.
func (v *view) secret(i int) (start, end int) {
	var name [maxSecretName]byte
	n := len(name)
	j := i - 1
	for ; v.is(j, isAlnum) || v.at(j) == '-' || v.at(j) == '_'; j-- {
		if c := v.at(j); c != '-' && c != '_' {
			if n--; n < 0 {
				return 0, 0
			}
			name[n] = c
			if classes[c]&isUpper != 0 {
				name[n] |= 0x20
			}
		}
	}
	if !secretNames[string(name[n:])] || v.at(i+1) == '[' {
		return 0, 0
	}
	for end = i + 1; end < v.n && strings.IndexByte(" &;?#/,\"'<>|)=", v.at(end)) < 0; {
		end++
	}
	if end == i+1 || v.word(i+1, flagWords) == end-i-1 {
		return 0, 0
	}
	return i + 1, end
}

// flagWords say that something is there or not, and nothing of what it is.
var flagWords = []string{"true", "false", "yes", "no", "on", "off", "null", "none", "undefined", "0", "1"}
