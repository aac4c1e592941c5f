package referrer

// languages are the codes of ISO 639-1 and those three-letter codes in which
// browsers and systems can be set.
const languages = " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy " +
	"da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz " +
	"ia id ie ig ii ik in io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv " +
	"mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu " +
	"rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty " +
	"ug uk ur uz ve vi vo wa wo xh yi yo za zh zu " +
	"ace asa ast awa bal ban bem bez bho brx cak ceb cgg chr ckb cop crh csb dav din dje doi dsb dua dyo ebu ewo fil fon " +
	"frp fur fuv gag gsw guz haw hil hmn hsb ilo jbo jgo jmc kab kam kea kde khq kln kmb kmr kok krl ksb ksf ksh lag lij " +
	"lkt lmo lrc ltg lua luo lus luy mad mag mai mas mer mfe mgh mgo min mni mos mua mul mzn nap naq nds nmg nnh nso nus " +
	"nyn pam pap pcm prg quc quz rof rwk sah saq sat sbp scn sco sdc seh ses shi sma smj smn sms son srn syr szl teo tet " +
	"tig tok trs tum twq tzm vai vec vun wae war xog yav yue zgh zza "

// regions are the country codes of ISO 3166-1, and Kosovo's and the European Union's.
const regions = " ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz " +
	"ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu " +
	"fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu " +
	"id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly " +
	"ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om " +
	"pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz " +
	"tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw "

// homeOf gives the region of a language that came without one, where that is
// beyond doubt and Matomo says so too; "" otherwise. English and Chinese have
// many homes.
func homeOf(code, script string) string {
	switch code {
	case "ca":
		return "es"
	case "cs":
		return "cz"
	case "da":
		return "dk"
	case "el":
		return "gr"
	case "et":
		return "ee"
	case "fa":
		return "ir"
	case "he":
		return "il"
	case "ja":
		return "jp"
	case "ko":
		return "kr"
	case "ms":
		return "my"
	case "nb", "nn":
		return "no"
	case "bo":
		return "cn"
	case "sl":
		return "si"
	case "sq":
		return "al"
	case "sr":
		return "rs"
	case "sv":
		return "se"
	case "uk":
		return "ua"
	case "zh":
		switch script {
		case "hans":
			return "cn"
		case "hant":
			return "tw"
		}
	}
	return ""
}
