package foule

import (
	"fmt"
	"math/bits"
)

// Dropped is a set of names of parameters that were sent and dropped unread. It
// holds names of a fixed table and nothing else, so that no value, and no name
// that a client made up, can get through it.
type Dropped struct {
	bits [droppedWords]uint64
}

const droppedWords = 4

// Names of what has many or none.
const (
	DroppedQuery         = "(query)"          // parameters of the page's URL that have no name here
	DroppedReferrerQuery = "(referrer query)" // all that stood behind the referrer's "?"
	DroppedDimension     = "dimension"        // dimensionN, of any number
)

// droppedNames are the names in the order of their numbers, which are written
// into journals: only append.
var droppedNames = [...]string{
	DroppedQuery, DroppedReferrerQuery, DroppedDimension,
	// Of a tracking request: who, from where, with what. None of these is ever read.
	"_id", "uid", "cid", "_idn", "_idts", "_idvc", "_viewts", "_ects", "_ref", "_refts", "_rcn", "_rck", "cookie",
	"cvar", "_cvar", "e_cvar", "data", "lat", "long", "m", "s",
	"fla", "java", "qt", "realp", "pdf", "wma", "ag", "dir", "gears",
	// Of a tracking request: what a site may leave alone.
	"consent", "new_visit", "ping", "urlref", "action_name", "search", "search_cat", "search_count", "link", "download",
	"e_c", "e_a", "e_n", "e_v", "ca", "c_n", "c_p", "c_t", "c_i", "idgoal", "revenue",
	"ec_id", "ec_items", "ec_st", "ec_tx", "ec_sh", "ec_dt", "_pks", "_pkn", "_pkc", "_pkp",
	"pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl", "pv_id",
	"uadata", "res", "h", "country", "region", "city", "lang",
	// Campaigns, of a request or of a page's URL.
	"utm_campaign", "utm_source", "utm_medium", "utm_term", "utm_content", "utm_id",
	"mtm_campaign", "mtm_cpn", "mtm_keyword", "mtm_kwd", "mtm_source", "mtm_medium", "mtm_content", "mtm_cid", "mtm_clid", "mtm_group", "mtm_placement",
	"matomo_campaign", "matomo_kwd", "piwik_campaign", "piwik_kwd",
	"pk_campaign", "pk_cpn", "pk_keyword", "pk_kwd", "pk_source", "pk_medium", "pk_content", "pk_cid", "pk_group", "pk_placement",
	// Of a page's URL: click ids, ids of mailings, sessions and tokens.
	"gclid", "wbraid", "gbraid", "dclid", "msclkid", "yclid", "twclid", "ttclid", "li_fat_id", "sccid", "rdt_cid", "epik",
	"fbclid", "igshid", "igsh", "gclsrc", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl", "ysclid", "_openstat",
	"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "hsctatracking", "vero_id", "oly_enc_id", "oly_anon_id",
	"s_kwcid", "ef_id", "wickedid", "irclickid", "cjevent", "awc", "tduid", "sscid",
	"fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "fb_xd_fragment", "fb_comment_id",
	"pk_vid", "phpsessid", "jsessionid", "sessionid", "sid", "doing_wp_cron", "token_auth", "token",
}

// NumDropped is how many names there are.
const NumDropped = len(droppedNames)

var droppedNumbers = func() map[string]uint8 {
	numbers := make(map[string]uint8, NumDropped)
	for i, name := range droppedNames {
		numbers[name] = uint8(i)
	}
	return numbers
}()

// DroppedName gives the name of a number below NumDropped.
func DroppedName(number int) string { return droppedNames[number] }

// Add puts a name into the set; it says whether there is such a name.
func (d *Dropped) Add(name string) bool {
	n, ok := droppedNumbers[name]
	if ok {
		d.bits[n/64] |= 1 << (n % 64)
	}
	return ok
}

// Has says whether a name is in the set.
func (d *Dropped) Has(name string) bool {
	n, ok := droppedNumbers[name]
	return ok && d.bits[n/64]&(1<<(n%64)) != 0
}

// Without gives the set without the names of another.
func (d Dropped) Without(o *Dropped) Dropped {
	for i := range d.bits {
		d.bits[i] &^= o.bits[i]
	}
	return d
}

// IsZero says whether the set is empty.
func (d *Dropped) IsZero() bool { return d.bits == [droppedWords]uint64{} }

// Each hands on the numbers of the set in order.
func (d *Dropped) Each(take func(number int)) {
	for i, word := range d.bits {
		for ; word != 0; word &= word - 1 {
			take(64*i + bits.TrailingZeros64(word))
		}
	}
}

// String lists the names.
func (d Dropped) String() string {
	names := []string{}
	d.Each(func(n int) { names = append(names, droppedNames[n]) })
	return fmt.Sprint(names)
}

// append writes how many names there are and their numbers, rising.
func (d *Dropped) append(b []byte) []byte {
	at := len(b)
	b = append(b, 0)
	d.Each(func(n int) {
		b[at]++
		b = append(b, byte(n))
	})
	return b
}

func (r *eventReader) dropped(d *Dropped) {
	last := -1
	for range r.byte() {
		n := int(r.byte())
		if n <= last || n >= NumDropped {
			r.bad = true
			return
		}
		last = n
		d.bits[n/64] |= 1 << (n % 64)
	}
}
