package document

import (
	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// notice writes what a site tells its visitors, part by part. Every sentence
// stands under the condition that makes it true.
func (w *writer) notice() {
	w.doc.Title = text{EN: "Audience measurement", FR: "Mesure d’audience"}.In(w.doc.Lang)
	w.doc.Before = w.in([]text{
		{EN: "It holds for the scripts and the image of the installation page. A tracker of another program on your pages (a matomo.js of Matomo’s own, say) may set cookies: switch them off there, or say so.",
			FR: "Elle vaut pour les scripts et l’image de la page d’installation. Le traceur d’un autre programme sur vos pages (un matomo.js de Matomo, par exemple) peut déposer des cookies : désactivez-les, ou dites-le."},
		{EN: "It says what the settings are today. Generate it again when they change: the digits at its end tell.",
			FR: "Elle dit ce que sont les réglages aujourd’hui. Générez-la à nouveau quand ils changent : l’empreinte à la fin le montre."},
	})
	if w.has(foule.FeatureDimensions) {
		w.doc.Before = append(w.doc.Before, text{EN: "The site counts custom dimensions: see to it that none carries what identifies a person.", FR: "Le site compte des dimensions personnalisées : veillez à ce qu’aucune ne porte de quoi identifier une personne."}.In(w.doc.Lang))
	}
	w.who()
	w.onYourDevice()
	w.counted()
	w.notCounted()
	w.how()
	w.howLong()
	w.whatFor()
	w.choice()
	w.rights()
	w.origin()
}

func (w *writer) who() {
	if who := w.Install.ControllerOf(w.Site); who != "" || !w.Public {
		w.say("controller", text{EN: "{who} measures the audience of this website with Foule, a program that keeps sums only.", FR: "{who} mesure l’audience de ce site avec Foule, un programme qui ne conserve que des sommes."},
			"who", w.or(who, text{EN: "who publishes the site", FR: "qui édite le site"}))
	} else {
		w.say("controller", text{EN: "The audience of this website is measured with Foule, a program that keeps sums only.", FR: "L’audience de ce site est mesurée avec Foule, un programme qui ne conserve que des sommes."})
	}
	if contact := w.Install.ContactOf(w.Site); contact != "" || !w.Public {
		w.say("contact", text{EN: "For questions about privacy: {contact}.", FR: "Pour toute question de vie privée : {contact}."},
			"contact", w.or(contact, text{EN: "an address for privacy questions", FR: "une adresse pour les questions de vie privée"}))
	}
	if w.Install.Hosting != "" || !w.Public {
		w.say("hosting", text{EN: "The figures are hosted by {where}.", FR: "Les chiffres sont hébergés par {where}."},
			"where", w.or(w.Install.Hosting, text{EN: "company and country of the host", FR: "société et pays de l’hébergeur"}))
	}
}

func (w *writer) onYourDevice() {
	w.head(text{EN: "On your device", FR: "Sur votre appareil"})
	w.say("no-cookie", text{
		EN: "The measurement sets no cookie and stores nothing on your device. If, and only if, you say no, your browser keeps a mark of it that reads “1”, the same for everyone.",
		FR: "La mesure ne dépose aucun cookie et ne stocke rien sur votre appareil. Si vous dites non, et seulement alors, votre navigateur en garde une marque, « 1 », la même pour tout le monde.",
	})
	w.say("sent", text{
		EN: "With each page view your browser sends its address, the address of the page that you come from and what it sends to every website (your IP address, its own name, your language); the script looks whether you have said no.",
		FR: "À chaque page vue, votre navigateur envoie son adresse, celle de la page d’où vous venez et ce qu’il envoie à tout site (votre adresse IP, son propre nom, votre langue) ; le script regarde si vous avez dit non.",
	})
	if read := w.any(onDevice...); len(read) > 0 {
		w.say("reads-device", text{EN: "The script reads on your device: {list}.", FR: "Le script lit sur votre appareil : {list}."}, "list", privacy.And(privacy.Titles(read)))
	}
	var dropped []foule.Feature
	for _, f := range sentAnyway {
		if !w.has(f) {
			dropped = append(dropped, f)
		}
	}
	if len(dropped) > 0 {
		w.say("drops-device", text{EN: "The script may also send the following, which is dropped on arrival and written nowhere: {list}.", FR: "Le script peut aussi envoyer ce qui suit, qui est abandonné à l’arrivée et n’est écrit nulle part : {list}."}, "list", privacy.And(privacy.Titles(dropped)))
	}
}

func (w *writer) counted() {
	w.head(text{EN: "What is counted", FR: "Ce qui est compté"})
	w.say("sums", text{
		EN: "Only sums are kept: how often per hour, day and month, for all visitors together. The database has no line about a page view, a visit or a person. What is counted:",
		FR: "Seules des sommes sont conservées : combien de fois par heure, jour et mois, pour tous les visiteurs ensemble. La base n’a aucune ligne sur une page vue, une visite ou une personne. Ce qui est compté :",
	})
	all, consented, _ := w.collected()
	w.list(append([]text{w.pageViews()}, privacy.Titles(all)...))
	if w.policy.Consent && len(consented) > 0 {
		w.say("with-consent", text{EN: "Of visits with your consent alone: {list}.", FR: "Des seules visites avec votre consentement : {list}."}, "list", privacy.And(privacy.Titles(consented)))
	}
	if w.policy.Consent {
		w.say("told-apart", text{EN: "Visits with and without consent are counted apart.", FR: "Les visites avec et sans consentement sont comptées à part."})
	}
}

func (w *writer) notCounted() {
	w.head(text{EN: "What is not", FR: "Ce qui ne l’est pas"})
	w.say("never", text{
		EN: "Never kept: your IP address, your browser’s full identification, identifiers of you or your browser, coordinates, {from}. You are not followed from one site to another, nor from one day to the next, and no profile is made.",
		FR: "Jamais conservés : votre adresse IP, l’identification complète de votre navigateur, des identifiants de vous ou de votre navigateur, des coordonnées, {from}. Vous n’êtes suivi ni d’un site à l’autre, ni d’un jour à l’autre, et aucun profil n’est fait.",
	}, "from", w.notOfReferrer())
	if _, _, none := w.collected(); len(none) > 0 {
		w.say("off", text{EN: "This site does not collect either: {list}.", FR: "Ce site ne collecte pas non plus : {list}."}, "list", privacy.And(privacy.Titles(none)))
	}
}

// notOfReferrer names what is never kept of the page before.
func (w *writer) notOfReferrer() text {
	switch {
	case w.has(foule.FeatureReferrerPages):
		return text{EN: "the parameters of the page that you come from", FR: "les paramètres de la page d’où vous venez"}
	case len(w.any(foule.FeatureReferrers, foule.FeatureChannels)) > 0:
		return text{EN: "the address of the page that you come from, beyond its host", FR: "l’adresse de la page d’où vous venez, au-delà de son domaine"}
	}
	return text{EN: "the page that you come from", FR: "la page d’où vous venez"}
}

func (w *writer) how() {
	w.head(text{EN: "How", FR: "Comment"})
	w.say("cut", text{
		EN: "Before anything else your IP address is cut to its first {v4} bits (IPv6: {v6}); the rest is forgotten.",
		FR: "Avant tout le reste, votre adresse IP est réduite à ses {v4} premiers bits (IPv6 : {v6}) ; le reste est oublié.",
	}, "v4", w.Install.IPv4Bits, "v6", w.Install.IPv6Bits)
	if places := w.any(foule.FeaturePlaces, foule.FeatureRegions, foule.FeatureCities); len(places) > 0 && w.Install.Places != privacy.PlacesNone {
		w.say("places", text{EN: "What is left serves to find, in a file and without asking anybody: {list}.", FR: "Ce qui reste sert à trouver, dans un fichier et sans interroger personne : {list}."}, "list", privacy.And(privacy.Titles(places)))
	}
	w.key()
	switch {
	case w.Install.K > 1 && w.policy.Collects(foule.FeatureVisitors, false):
		w.say("k", text{EN: "What fewer than {k} visitors of a day have in common does not get into the sums by its name.", FR: "Ce que moins de {k} visiteurs d’un jour ont en commun n’entre pas dans les sommes sous son nom."}, "k", w.Install.K)
	case w.Install.K > 1: // without a key its hits are counted instead
		w.say("k-hits", text{EN: "What fewer than {k} page views of a day have in common does not get into the sums by its name.", FR: "Ce que moins de {k} pages vues d’un jour ont en commun n’entre pas dans les sommes sous son nom."}, "k", w.Install.K)
	}
	if w.policy.Rounded {
		w.say("rounded", text{EN: "Figures are shown rounded to ten, and those below ten are hidden.", FR: "Les chiffres sont présentés arrondis à la dizaine, et ceux de moins de dix sont masqués."})
	}
}

// key says how visits are told apart, or that they are not.
func (w *writer) key() {
	const en = "within one day of this site only, a number is computed from the cut address, the browser’s name and the language, with a random key that exists in memory and is destroyed {n} minutes after that day. From then on nobody can compute it again, not even who runs the program."
	const fr = "au cours d’une seule journée de ce site, un nombre est calculé à partir de l’adresse réduite, du nom du navigateur et de la langue, avec une clé aléatoire qui n’existe qu’en mémoire et est détruite {n} minutes après cette journée. Dès lors, personne ne peut le recalculer, pas même qui exploite le programme."
	switch {
	case w.policy.Collects(foule.FeatureVisitors, false):
		w.say("key", text{EN: "To tell visits apart, " + en, FR: "Pour distinguer les visites, " + fr}, "n", privacy.KeyMinutes)
	case w.policy.ConsentOnly(foule.FeatureVisitors):
		w.say("no-key", text{EN: "Without your consent nothing tells your page views from those of others.", FR: "Sans votre consentement, rien ne distingue vos pages vues de celles des autres."})
		w.say("key-with-consent", text{EN: "With it, to tell visits apart " + en, FR: "Avec lui, pour distinguer les visites, " + fr}, "n", privacy.KeyMinutes)
	default:
		w.say("no-key", text{
			EN: "No key and no number is made of your address or browser: nothing tells your page views from those of others, not even within a day.",
			FR: "Aucune clé et aucun nombre n’est fait de votre adresse ou de votre navigateur : rien ne distingue vos pages vues de celles des autres, pas même au cours d’une journée.",
		})
	}
}

func (w *writer) howLong() {
	w.head(text{EN: "How long", FR: "Combien de temps"})
	w.say("retention", text{EN: "Sums are kept for {months}, then deleted.", FR: "Les sommes sont conservées {months}, puis supprimées."}, "months", privacy.Months(w.Install.RetentionMonths))
	w.say("journal", text{
		EN: "Before they are summed up, page views wait on disk, already without address, browser identification or identifier of yours: for some minutes, or for as long as the database is out of reach.",
		FR: "Avant d’être additionnées, les pages vues attendent sur disque, déjà sans adresse, identification du navigateur ni identifiant de vous : quelques minutes, ou tant que la base est hors d’atteinte.",
	})
	if w.Install.AccessLog {
		w.say("access-log", text{
			EN: "Apart from that, each request to the measuring server is noted with the cut address, the second and the kind of request, without browser, page and source{how}.",
			FR: "Par ailleurs, chaque requête au serveur de mesure est notée avec l’adresse réduite, la seconde et la nature de la requête, sans navigateur, page ni source{how}.",
		}, "how", w.logKept())
	}
	if w.has(foule.FeatureVisitors) {
		w.say("working-file", text{
			EN: "So that a day’s sums come out right, a working file holds its visits (pages, source, device and the like) in the same way, under a running number that means nothing outside that day: until {n} hours after its last page view.",
			FR: "Pour que les sommes d’une journée soient justes, un fichier de travail porte ses visites (pages, source, appareil, etc.) de la même façon, sous un numéro courant qui ne veut rien dire hors de cette journée : jusqu’à {n} heures après sa dernière page vue.",
		}, "n", privacy.LateHours)
	}
}

// logKept says how long the access log is kept, which the program leaves to the
// operator.
func (w *writer) logKept() text {
	if w.Public {
		return text{}
	}
	gap := w.gap(text{EN: "for how long the access log is kept", FR: "durée de conservation du journal d’accès"})
	return text{EN: "; this is deleted after {gap}", FR: " ; cela est supprimé après {gap}"}.With("gap", gap)
}

func (w *writer) whatFor() {
	w.head(text{EN: "What for", FR: "À quoi cela sert"})
	w.say("purposes", text{
		EN: "To know which pages are read, to find what is hard to find or slow, and to size the servers.",
		FR: "Savoir quelles pages sont lues, repérer ce qui est lent ou difficile à trouver, et dimensionner les serveurs.",
	})
	if sources := w.any(foule.FeatureChannels, foule.FeatureCampaigns); len(sources) > 0 {
		w.say("acquisition", text{EN: "Also to know what brings visits: {list}.", FR: "Savoir aussi ce qui amène des visites : {list}."}, "list", privacy.And(privacy.Titles(sources)))
	}
	if w.has(foule.FeatureShop) {
		w.say("sales", text{EN: "Also to know how many orders there are and for how much, without who ordered.", FR: "Savoir aussi combien de commandes il y a et pour quel montant, sans savoir qui a commandé."})
	}
	w.say("non-purposes", text{
		EN: "The figures serve neither to show advertising nor to judge or recognise anybody; they are not combined with other data.",
		FR: "Les chiffres ne servent ni à montrer de la publicité, ni à évaluer ou à reconnaître quiconque ; ils ne sont pas recoupés avec d’autres données.",
	})
	w.say("basis", text{
		EN: "The legal basis is the legitimate interest in knowing the audience of the site (GDPR, article 6(1)(f)).",
		FR: "La base légale est l’intérêt légitime à connaître l’audience du site (RGPD, article 6, paragraphe 1, point f).",
	})
	if w.policy.Consent {
		w.say("consent-basis", text{EN: "For what is counted with consent alone it is your consent (article 6(1)(a)), which you can take back at any time.", FR: "Pour ce qui n’est compté qu’avec consentement, c’est votre consentement (article 6, paragraphe 1, point a), que vous pouvez retirer à tout moment."})
	}
	findings := privacy.Check(w.Site, w.Install, w.Today)
	if statement, ok := privacy.Statement(w.Site, findings); ok {
		w.say("statement", statement)
	}
}

func (w *writer) choice() {
	w.head(text{EN: "Your choice", FR: "Votre choix"})
	switch {
	case w.Public: // the page has the button
		w.say("opt-out-here", text{EN: "You can say no at the top of this page, without an account.", FR: "Vous pouvez dire non en haut de cette page, sans compte."})
	case w.Install.PublicURL == "":
		w.say("opt-out", text{EN: "You can say no, without an account: {url}.", FR: "Vous pouvez dire non, sans compte : {url}."}, "url", w.gap(text{EN: "address of the opt-out page (set public-url)", FR: "adresse de la page de refus (réglez public-url)"}))
	default:
		w.say("opt-out", text{EN: "You can say no, without an account: {url}", FR: "Vous pouvez dire non, sans compte : {url}"}, "url", w.Install.OptOut(w.Site.ID, w.doc.Lang))
		w.end()
	}
	if w.policy.IgnoreDNT {
		w.say("dnt-ignored", text{
			EN: "If your browser sends Global Privacy Control, you are not counted. Do Not Track is not taken for a no here.",
			FR: "Si votre navigateur envoie Global Privacy Control, vous n’êtes pas compté. Do Not Track n’est pas pris ici pour un refus.",
		})
	} else {
		w.say("dnt-respected", text{
			EN: "If your browser sends Global Privacy Control or Do Not Track, you are not counted, and need do nothing else.",
			FR: "Si votre navigateur envoie Global Privacy Control ou Do Not Track, vous n’êtes pas compté, sans rien faire d’autre.",
		})
	}
	if w.Install.PublicURL != "" && !w.Public {
		w.say("page", text{EN: "What holds at present stands at {url}", FR: "Ce qui vaut à présent est écrit à l’adresse {url}"}, "url", w.Install.Page(w.Site.ID, w.doc.Lang))
	}
}

func (w *writer) rights() {
	w.head(text{EN: "Your rights", FR: "Vos droits"})
	w.say("rights", text{
		EN: "You may object at any time (GDPR, article 21), as above, and ask for access, rectification, erasure or restriction. As nothing that is kept is about you, nothing of yours can be found in it (article 11).",
		FR: "Vous pouvez vous opposer à tout moment (RGPD, article 21), comme ci-dessus, et demander accès, rectification, effacement ou limitation. Comme rien de ce qui est conservé ne porte sur vous, rien de vous ne peut y être retrouvé (article 11).",
	})
	w.say("complaint", text{
		EN: "You may complain to your data-protection authority; in France, the CNIL: https://www.cnil.fr/fr/plaintes",
		FR: "Vous pouvez adresser une réclamation à la CNIL : https://www.cnil.fr/fr/plaintes",
	})
}

// origin says what the text was made of, so that an old one can be told.
func (w *writer) origin() {
	w.end()
	if w.Public { // the page says it by itself
		return
	}
	w.say("origin", text{EN: "Made of the settings of {day}; their fingerprint: {hash}.", FR: "Établi d’après les réglages du {day} ; leur empreinte : {hash}."},
		"day", privacy.Date(w.Today), "hash", privacy.Hash(privacy.Configuration(w.Install, w.Site)))
}
