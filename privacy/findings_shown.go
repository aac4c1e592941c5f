package privacy

import (
	"strings"

	"foule.eu/foule"
)

// The second half of the judgements: what is shown, how long, and people's rights.

func rounding(c *circumstances) (Status, Text) {
	if c.policy.Rounded {
		return Pass, Text{"Every way out rounds to ten and hides cells of fewer than ten.", "Toute sortie arrondit à la dizaine et masque les cases de moins de dix."}
	}
	return Fail, Text{"Figures leave as they are. Switch rounding on.", "Les chiffres sortent tels quels. Activez l’arrondi."}
}

func smallCells(c *circumstances) (Status, Text) {
	v := []any{"k", c.in.K, "kf", c.in.KFiltered}
	switch {
	case c.policy.Rounded:
		return Pass, Text{
			"Reports cross two dimensions at most; cells of fewer than ten are hidden, and filtered rows of fewer than {kf} visitors are not even written by name (k-filtered).",
			"Les rapports croisent deux dimensions au plus ; les cases de moins de dix sont masquées, et les lignes filtrées de moins de {kf} visiteurs ne sont pas même écrites par leur nom (k-filtered).",
		}.With(v...)
	case c.in.K >= 2 && c.in.KFiltered >= 2:
		return Pass, Text{
			"Reports cross two dimensions at most, and no label of fewer than {k} visitors of a day (k; filtered rows {kf}, k-filtered) is written by name.",
			"Les rapports croisent deux dimensions au plus, et aucun libellé de moins de {k} visiteurs d’un jour (k ; lignes filtrées {kf}, k-filtered) n’est écrit par son nom.",
		}.With(v...)
	}
	return Fail, Text{
		"Reports cross two dimensions at most, but a label of a single visitor is shown by name: rounding is off, k is {k} and k-filtered is {kf}. Switch rounding on, or raise k.",
		"Les rapports croisent deux dimensions au plus, mais un libellé d’un seul visiteur est montré par son nom : l’arrondi est désactivé, k vaut {k} et k-filtered {kf}. Activez l’arrondi, ou augmentez k.",
	}.With(v...)
}

func grain(c *circumstances) (Status, Text) {
	hourly := c.among(foule.FeatureReferrers, foule.FeatureChannels, foule.FeatureCampaigns, foule.FeatureDevices, foule.FeaturePlaces, foule.FeatureLanguages)
	if len(hourly) == 0 {
		return Pass, Text{
			"Minutes hold a single total and go after two days; hours hold totals and entry pages; all else is by the day.",
			"Les minutes ne portent qu’un total et partent après deux jours ; les heures portent des totaux et les pages d’entrée ; tout le reste est au jour.",
		}
	}
	return Fail, Text{
		"Pages are counted by the day and minutes hold a single total, but so that a filtered chart can be drawn, these are kept by the hour as well: {list}. This is a Spanish recommendation and no criterion of the French exemption.",
		"Les pages sont comptées au jour et les minutes ne portent qu’un total, mais pour qu’un graphique filtré puisse être tracé, ceci est aussi conservé à l’heure : {list}. C’est une recommandation espagnole et non un critère de l’exemption française.",
	}.With("list", And(Titles(hourly)))
}

func retention(c *circumstances) (Status, Text) {
	switch {
	case c.in.RetentionMonths <= MaxMonths && c.in.AccessLog:
		return Yours, Text{
			"retention-months is {n}: the program deletes what is older by itself. But requests are noted with the cut address (access-log), and that file is yours to delete, in days rather than months.",
			"retention-months vaut {n} : le programme supprime de lui-même ce qui est plus ancien. Mais les requêtes sont notées avec l’adresse réduite (access-log), et ce fichier est à vous de le supprimer, en jours plutôt qu’en mois.",
		}.With("n", c.in.RetentionMonths)
	case c.in.RetentionMonths <= MaxMonths:
		return Pass, Text{"retention-months is {n}: the program deletes what is older by itself. Backups are yours.", "retention-months vaut {n} : le programme supprime de lui-même ce qui est plus ancien. Les sauvegardes dépendent de vous."}.With("n", c.in.RetentionMonths)
	}
	return Fail, Text{"retention-months is {n}. Set it to {max} or less.", "retention-months vaut {n}. Réglez-le à {max} ou moins."}.With("n", c.in.RetentionMonths, "max", MaxMonths)
}

func review(c *circumstances) (Status, Text) {
	switch last := Assessed(c.site); {
	case last == 0:
		return Yours, Text{"Never reviewed. Go through this list and note the day on the page of the privacy settings.", "Jamais réexaminé. Parcourez cette liste et notez le jour sur la page des réglages de vie privée."}
	case ReviewDue(c.site, c.today):
		return Yours, Text{"Last reviewed on {day}, more than a year ago: it is time.", "Réexaminé pour la dernière fois le {day}, il y a plus d’un an : il est temps."}.With("day", Date(last))
	default:
		return Pass, Text{"Last reviewed on {day}. The next reminder comes after a year.", "Réexaminé pour la dernière fois le {day}. Le prochain rappel vient au bout d’un an."}.With("day", Date(last))
	}
}

func informed(c *circumstances) (Status, Text) {
	if c.site.Privacy.PolicyURL == "" {
		return Yours, Text{"Publish the privacy notice that is generated here, and enter the address of your policy.", "Publiez la notice générée ici, et saisissez l’adresse de votre politique de confidentialité."}
	}
	return Yours, Text{"Your policy is at {url}. Whether the notice stands there, and as it is generated today, no program can tell.", "Votre politique est à l’adresse {url}. Qu’elle contienne la notice, telle qu’elle est générée aujourd’hui, aucun programme ne peut le dire."}.With("url", c.site.Privacy.PolicyURL)
}

func refusal(c *circumstances) (Status, Text) {
	if c.in.PublicURL == "" {
		return Yours, Text{
			"Nothing says where browsers reach the tracking side (public-url), so the address of the opt-out page is not known. Set it, and link the page.",
			"Rien ne dit où les navigateurs joignent le côté collecte (public-url) : l’adresse de la page de refus n’est pas connue. Réglez-la, et liez la page.",
		}
	}
	if !strings.HasPrefix(c.in.PublicURL, "https://") {
		return Yours, Text{
			"The opt-out page is at {url}, without TLS: in a frame no browser keeps the choice. Put TLS before it, and link the page.",
			"La page de refus est à l’adresse {url}, sans TLS : dans un cadre, aucun navigateur ne garde le choix. Mettez TLS devant, et liez la page.",
		}.With("url", c.in.OptOut(c.site.ID, "fr"))
	}
	return Pass, Text{
		"{url} works without account and without JavaScript, in French and English; the mark it leaves says “1” and nothing else. Link it from your notice.",
		"{url} fonctionne sans compte et sans JavaScript, en français et en anglais ; la marque laissée dit « 1 » et rien d’autre. Liez-la depuis votre notice.",
	}.With("url", c.in.OptOut(c.site.ID, "fr"))
}

func gdpr(c *circumstances) (Status, Text) {
	switch {
	case c.in.ControllerOf(c.site) == "":
		return Yours, Text{"Enter who publishes the site (controller); then complete the drafts of the register and of the interest assessment.", "Saisissez qui édite le site (responsable) ; complétez ensuite les projets de registre et de mise en balance."}
	case c.in.ContactOf(c.site) == "":
		return Yours, Text{"Enter an address for privacy questions (contact); then complete the drafts of the register and of the interest assessment.", "Saisissez une adresse pour les questions de vie privée (contact) ; complétez ensuite les projets de registre et de mise en balance."}
	}
	return Yours, Text{
		"{who} answers for it. Drafts of the register (article 30) and of the interest assessment are generated here: complete and keep them.",
		"{who} en répond. Des projets de registre (article 30) et de mise en balance sont générés ici : complétez-les et conservez-les.",
	}.With("who", c.in.ControllerOf(c.site))
}

func signals(c *circumstances) (Status, Text) {
	if c.policy.IgnoreDNT {
		return Fail, Text{
			"Global Privacy Control is respected, but the site counts visitors who send Do Not Track (ignore_dnt).",
			"Global Privacy Control est respecté, mais le site compte les visiteurs qui envoient Do Not Track (ignore_dnt).",
		}
	}
	return Pass, Text{
		"Whoever sends either is left out at the door, and only the number of such hits is kept. There is no setting against Global Privacy Control.",
		"Quiconque envoie l’un ou l’autre est écarté à l’entrée, et seul le nombre de ces hits est conservé. Aucun réglage ne passe outre Global Privacy Control.",
	}
}

func publishers(*circumstances) (Status, Text) {
	return Yours, Text{
		"Each site has figures and visitor keys of its own, and tokens can be bound to one; but whoever may log in to the dashboard sees every site. If this server counts for several publishers, give each an installation or tokens of its own, and put it into the contract that you reuse nothing.",
		"Chaque site a ses chiffres et ses clés de visite, et un jeton peut être lié à un seul ; mais quiconque peut se connecter au tableau de bord voit tous les sites. Si ce serveur compte pour plusieurs éditeurs, donnez à chacun une installation ou des jetons propres, et inscrivez au contrat que vous ne réutilisez rien.",
	}
}

func wording(c *circumstances) (Status, Text) {
	return Yours, Text{
		"The product’s own texts speak of self-assessment with its date. So should yours: no authority has examined this installation.",
		"Les textes du produit parlent d’auto-évaluation, avec sa date. Les vôtres doivent faire de même : aucune autorité n’a examiné cette installation.",
	}
}

func contract(c *circumstances) (Status, Text) {
	if c.in.Hosting == "" {
		return Yours, Text{
			"The program connects to nothing but its store. Say where it is hosted (hosting: company and country); if others host it, keep the contract of article 28.",
			"Le programme ne se connecte à rien d’autre que sa base. Dites où il est hébergé (hosting : société et pays) ; si d’autres l’hébergent, conservez le contrat de l’article 28.",
		}
	}
	return Yours, Text{
		"Hosted by {where}, as you say. The program connects to nothing but its store. Keep the contract of article 28; outside the EU, the basis of the transfer too.",
		"Hébergé chez {where}, d’après vous. Le programme ne se connecte à rien d’autre que sa base. Conservez le contrat de l’article 28 ; hors de l’UE, la base du transfert aussi.",
	}.With("where", c.in.Hosting)
}
