package document

import (
	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// draft is said of what the operator has to complete.
var draft = text{
	EN: "Draft, made of the settings. Fill in what stands in brackets, read the rest, and keep the result: it is yours, and no legal advice.",
	FR: "Projet, établi d’après les réglages. Complétez ce qui est entre crochets, relisez le reste, et conservez le résultat : il est le vôtre, et n’est pas un avis juridique.",
}

// record drafts the register's entry, in the order of GDPR article 30(1).
func (w *writer) record() {
	w.doc.Draft = draft.In(w.doc.Lang)
	row := func(head, said text) []string { return []string{head.In(w.doc.Lang), said.In(w.doc.Lang)} }
	w.table([]text{{EN: "Article 30(1)", FR: "Article 30, paragraphe 1"}, {EN: "Entry", FR: "Inscription"}}, [][]string{
		row(text{EN: "Processing", FR: "Traitement"}, text{EN: "Audience measurement of the website {site}", FR: "Mesure d’audience du site {site}"}.With("site", same(clean(w.Site.Name)))),
		row(text{EN: "(a) Controller", FR: "a) Responsable"}, w.or(w.Install.ControllerOf(w.Site), text{EN: "who publishes the site", FR: "qui édite le site"})),
		row(text{EN: "(a) Contact", FR: "a) Contact"}, w.or(w.Install.ContactOf(w.Site), text{EN: "an address for privacy questions", FR: "une adresse pour les questions de vie privée"})),
		row(text{EN: "(a) Representative, data-protection officer, joint controller", FR: "a) Représentant, délégué à la protection des données, responsable conjoint"}, w.gap(text{EN: "names, or none", FR: "noms, ou aucun"})),
		row(text{EN: "(b) Purposes", FR: "b) Finalités"}, w.purposesOfRecord()),
		row(text{EN: "(c) Persons", FR: "c) Personnes"}, text{EN: "visitors of the website", FR: "visiteurs du site"}),
		row(text{EN: "(c) Data, for the moment of a request", FR: "c) Données, le temps d’une requête"}, w.dataInPassing()),
		row(text{EN: "(c) Data kept", FR: "c) Données conservées"}, w.dataKept()),
		row(text{EN: "(d) Recipients", FR: "d) Destinataires"}, text{
			EN: "people with an account or a token of the installation: {who}", FR: "personnes ayant un compte ou un jeton de l’installation : {who}",
		}.With("who", w.gap(text{EN: "which services, which providers", FR: "quels services, quels prestataires"}))),
		row(text{EN: "(d) Host", FR: "d) Hébergeur"}, w.or(w.Install.Hosting, text{EN: "company and country of the host", FR: "société et pays de l’hébergeur"})),
		row(text{EN: "(e) Transfers outside the EU", FR: "e) Transferts hors de l’UE"}, text{
			EN: "the program makes none by itself; {basis}", FR: "le programme n’en fait aucun de lui-même ; {basis}",
		}.With("basis", w.gap(text{EN: "none, or the basis of those that the host makes", FR: "aucun, ou la base de ceux que fait l’hébergeur"}))),
		row(text{EN: "(f) Time limits", FR: "f) Délais"}, w.limits()),
		row(text{EN: "(g) Security", FR: "g) Sécurité"}, w.security()),
		row(text{EN: "Reviewed", FR: "Réexaminé"}, w.reviewed()),
	})
	w.origin()
}

func (w *writer) purposesOfRecord() text {
	t := text{EN: "know which pages are read; find what is hard to find or slow; size the servers", FR: "savoir quelles pages sont lues ; repérer ce qui est lent ou difficile à trouver ; dimensionner les serveurs"}
	if more := w.any(foule.FeatureChannels, foule.FeatureCampaigns, foule.FeatureShop); len(more) > 0 {
		return text{EN: t.EN + "; know of: {list}", FR: t.FR + " ; connaître : {list}"}.With("list", privacy.And(privacy.Titles(more)))
	}
	return t
}

func (w *writer) dataInPassing() text {
	t := text{
		EN: "IP address, user agent, language, address of the page and of the one before, what the script sends; in memory only, dropped when the request is answered",
		FR: "adresse IP, agent utilisateur, langue, adresse de la page et de la précédente, ce qu’envoie le script ; en mémoire seulement, abandonnées une fois la requête traitée",
	}
	if w.has(foule.FeatureVisitors) {
		return text{EN: t.EN + ". The day’s visitor key, in memory only, until {n} minutes after the day", FR: t.FR + ". La clé de visite du jour, en mémoire seulement, jusqu’à {n} minutes après la journée"}.With("n", privacy.KeyMinutes)
	}
	return t
}

func (w *writer) dataKept() text {
	all, consented, _ := w.collected()
	t := text{EN: "sums, no data about a person: {list}", FR: "des sommes, aucune donnée sur une personne : {list}"}.With("list", privacy.And(append([]text{w.pageViews()}, privacy.Titles(all)...)))
	if w.policy.Consent && len(consented) > 0 {
		return text{EN: t.EN + "; with consent alone: {list}", FR: t.FR + " ; avec consentement seulement : {list}"}.With("list", privacy.And(privacy.Titles(consented)))
	}
	return t
}

func (w *writer) limits() text {
	log := text{}
	if w.Install.AccessLog {
		log = text{EN: "Access log, with the cut address: {gap}. ", FR: "Journal d’accès, avec l’adresse réduite : {gap}. "}.
			With("gap", w.gap(text{EN: "for how long it is kept", FR: "sa durée de conservation"}))
	}
	return text{
		EN: "sums: {months}, deleted by the program; by minute: two days. Journal, without address and identifiers: minutes, or while the database is out of reach. Working file of a day’s visits, under a number of that day: {late} hours after its last page view. {log}Backups: {backups}",
		FR: "sommes : {months}, supprimées par le programme ; à la minute : deux jours. Journal, sans adresse ni identifiants : quelques minutes, ou tant que la base est hors d’atteinte. Fichier de travail des visites d’une journée, sous un numéro de cette journée : {late} heures après sa dernière page vue. {log}Sauvegardes : {backups}",
	}.With("months", privacy.Months(w.Install.RetentionMonths), "late", privacy.LateHours, "log", log, "backups", w.gap(text{EN: "for how long they are kept", FR: "leur durée de conservation"}))
}

func (w *writer) security() text {
	return text{
		EN: "truncation before any processing ({v4} bits of IPv4, {v6} of IPv6); no identifier written; key in memory; small groups not named (k {k}, k-filtered {kf}); {logs}. {more}",
		FR: "troncature avant tout traitement ({v4} bits d’IPv4, {v6} d’IPv6) ; aucun identifiant écrit ; clé en mémoire ; petits groupes non nommés (k {k}, k-filtered {kf}) ; {logs}. {more}",
	}.With("logs", w.inLogs(), "v4", w.Install.IPv4Bits, "v6", w.Install.IPv6Bits, "k", w.Install.K, "kf", w.Install.KFiltered,
		"more", w.gap(text{EN: "TLS, access to the machine, backups", FR: "TLS, accès à la machine, sauvegardes"}))
}

// inLogs says what of a client stands in logs.
func (w *writer) inLogs() text {
	if w.Install.AccessLog {
		return text{EN: "of the client nothing but the cut address in logs", FR: "du client, rien d’autre que l’adresse réduite dans les journaux"}
	}
	return text{EN: "no client data in logs", FR: "aucune donnée du client dans les journaux"}
}

func (w *writer) reviewed() text {
	if day := privacy.Assessed(w.Site); day != 0 {
		return privacy.Date(day)
	}
	return w.gap(text{EN: "date of the review", FR: "date du réexamen"})
}

// assessment drafts the three steps that the regulators ask for: purpose,
// necessity, balance (EDPB Guidelines 1/2024, in our own words).
func (w *writer) assessment() {
	w.doc.Draft = draft.In(w.doc.Lang)
	w.say("who", text{EN: "Controller: {who}. Processing: audience measurement of the website {site}.", FR: "Responsable : {who}. Traitement : mesure d’audience du site {site}."},
		"who", w.or(w.Install.ControllerOf(w.Site), text{EN: "who publishes the site", FR: "qui édite le site"}), "site", same(clean(w.Site.Name)))

	w.head(text{EN: "1. The interest", FR: "1. L’intérêt"})
	w.say("interest", text{EN: "The interest: {list}.", FR: "L’intérêt : {list}."}, "list", w.purposesOfRecord())
	w.say("lawful", text{
		EN: "It is lawful, stated and present. {why}", FR: "Il est licite, énoncé et actuel. {why}",
	}, "why", w.gap(text{EN: "what the figures are used for in your house, with an example", FR: "à quoi servent les chiffres chez vous, avec un exemple"}))

	w.head(text{EN: "2. The necessity", FR: "2. La nécessité"})
	w.say("less", text{
		EN: "Less intrusive means: the server’s logs would keep addresses; asking visitors would not count them. Only sums are kept. {off}",
		FR: "Moyens moins intrusifs : les journaux du serveur conserveraient des adresses ; interroger les visiteurs ne les compterait pas. Seules des sommes sont conservées. {off}",
	}, "off", w.leftAlone())
	w.say("not-needed", text{EN: "Which of what is collected would not be missed: {answer}.", FR: "Ce qui, parmi ce qui est collecté, ne manquerait pas : {answer}."}, "answer", w.gap(text{EN: "go through the list of the notice", FR: "parcourez la liste de la notice"}))

	w.head(text{EN: "3. The balance", FR: "3. La mise en balance"})
	w.list(w.balance())
	w.say("expect", text{
		EN: "What visitors expect: {answer}.", FR: "Ce à quoi les visiteurs s’attendent : {answer}.",
	}, "answer", w.gap(text{EN: "kind of site and of public; children, health, opinions?", FR: "nature du site et du public ; enfants, santé, opinions ?"}))

	w.head(text{EN: "Outcome", FR: "Conclusion"})
	w.say("outcome", text{EN: "{answer}. Reviewed on: {day}.", FR: "{answer}. Réexaminé le : {day}."}, "answer", w.gap(text{EN: "the interest outweighs, or what has to change; name and date", FR: "l’intérêt prévaut, ou ce qui doit changer ; nom et date"}), "day", w.reviewed())
	w.origin()
}

func (w *writer) leftAlone() text {
	_, _, none := w.collected()
	if len(none) == 0 {
		return text{EN: "No feature is switched off.", FR: "Aucune fonction n’est désactivée."}
	}
	return text{EN: "Left alone: {list}.", FR: "Laissé de côté : {list}."}.With("list", privacy.And(privacy.Titles(none)))
}

// balance lists what weighs, for and against.
func (w *writer) balance() []text {
	key := text{EN: "no key tells visitors apart", FR: "aucune clé ne distingue les visiteurs"}
	if w.has(foule.FeatureVisitors) {
		key = text{EN: "for a day and a site a key in memory tells visitors apart; it is not kept and cannot be made again", FR: "le temps d’une journée et d’un site, une clé en mémoire distingue les visiteurs ; elle n’est pas conservée et ne peut être refaite"}
	}
	signals := text{EN: "Global Privacy Control and Do Not Track are objections and are heeded; a page without account takes a no", FR: "Global Privacy Control et Do Not Track sont des oppositions et sont suivis ; une page sans compte recueille le refus"}
	if w.policy.IgnoreDNT {
		signals = text{EN: "Global Privacy Control is heeded, Do Not Track is not: say why; a page without account takes a no", FR: "Global Privacy Control est suivi, Do Not Track ne l’est pas : dites pourquoi ; une page sans compte recueille le refus"}
	}
	shown := text{EN: "figures are shown as they are; a label of {k} visitor(s) may appear", FR: "les chiffres sont montrés tels quels ; un libellé de {k} visiteur(s) peut paraître"}.With("k", w.Install.K)
	if w.policy.Rounded {
		shown = text{EN: "figures are shown rounded to ten, small ones hidden", FR: "les chiffres sont présentés arrondis à la dizaine, les petits masqués"}
	}
	return []text{
		{EN: "no cookie, nothing stored on the device", FR: "ni cookie, ni stockage sur l’appareil"},
		key, signals, shown,
		text{EN: "kept for {months}", FR: "conservé {months}"}.With("months", privacy.Months(w.Install.RetentionMonths)),
		{EN: "no decision about anybody follows from it, and nobody can be found in it", FR: "aucune décision sur quiconque n’en découle, et personne ne peut y être retrouvé"},
	}
}
