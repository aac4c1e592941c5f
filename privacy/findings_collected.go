package privacy

import "foule.eu/foule"

// The judgements, in the order of Requirements. Each reason names the settings
// that decided, or what the program is built to do whatever they say.

func ownAudience(c *circumstances) (Status, Text) {
	return Pass, Text{
		"The program counts for the site itself and has no other use: it serves no advertising, makes no profiles and sends figures nowhere by itself. Who gets figures by a token, an account or an export is up to you.",
		"Le programme compte pour le site lui-même et n’a pas d’autre usage : ni publicité, ni profils, et il n’envoie de lui-même aucun chiffre. À qui un jeton, un compte ou un export en donne, cela dépend de vous.",
	}
}

func noLinking(c *circumstances) (Status, Text) {
	if !c.collects(foule.FeatureVisitors) {
		return Pass, Text{"No visitor key is made for this site, so there is nothing to link.", "Aucune clé de visite n’est faite pour ce site : il n’y a rien à relier."}
	}
	return Pass, Text{
		"The visitor key is made anew for each site and day, of a secret that no other site shares. No cookie, no report across sites.",
		"La clé de visite est refaite pour chaque site et chaque jour, à partir d’un secret qu’aucun autre site ne partage. Aucun cookie, aucun rapport entre sites.",
	}
}

func noCombining(c *circumstances) (Status, Text) {
	if n := declared(c.site); n > 0 && c.collects(foule.FeatureDimensions) {
		return Yours, Text{
			"User ids, visitor ids and click ids are dropped at the door. But {n} custom dimension(s) are counted: see to it that none carries a customer number or what a customer file says.",
			"Identifiants d’utilisateur, de visiteur et de clic sont abandonnés à l’entrée. Mais {n} dimension(s) personnalisée(s) sont comptées : veillez à ce qu’aucune ne porte un numéro de client ni ce que dit un fichier client.",
		}.With("n", n)
	}
	return Pass, Text{
		"User ids, visitor ids and click ids are dropped at the door; no custom dimension is counted. The program passes nothing to third parties.",
		"Identifiants d’utilisateur, de visiteur et de clic sont abandonnés à l’entrée ; aucune dimension personnalisée n’est comptée. Le programme ne transmet rien à des tiers.",
	}
}

func statisticsOnly(c *circumstances) (Status, Text) {
	return Pass, Text{
		"The store holds sums by day and label, never a row about a hit, a visit or a visitor; the working files of a day go {late} hours after its last hit. A label is written by name from {k} visitor(s) of a day on (k), in filtered rows from {kf} on (k-filtered).",
		"La base contient des sommes par jour et libellé, jamais une ligne sur un hit, une visite ou un visiteur ; les fichiers de travail d’une journée partent {late} heures après son dernier hit. Un libellé est écrit par son nom à partir de {k} visiteur(s) d’un jour (k), dans les lignes filtrées à partir de {kf} (k-filtered).",
	}.With("k", c.in.K, "kf", c.in.KFiltered, "late", LateHours)
}

func purposes(c *circumstances) (Status, Text) {
	return c.unless([]foule.Feature{foule.FeatureChannels, foule.FeatureCampaigns, foule.FeatureShop}, Text{
		"What is collected serves audience, navigation, ergonomics, capacity and contents seen. Neither the performance of advertising nor sales are measured.",
		"Ce qui est collecté sert l’audience, la navigation, l’ergonomie, le dimensionnement et les contenus vus. Ni les performances publicitaires ni les ventes ne sont mesurées.",
	})
}

func noAcquisition(c *circumstances) (Status, Text) {
	return c.unless([]foule.Feature{foule.FeatureChannels, foule.FeatureCampaigns}, Text{
		"Channels and campaigns are off. The program has no recordings, no heat maps, no visitor log and no individual paths: what is seen before and after a page is a sum of two columns.",
		"Canaux et campagnes sont désactivés. Le programme n’a ni enregistrements, ni cartes de chaleur, ni journal des visites, ni parcours individuels : les pages vues avant et après une page sont une somme à deux colonnes.",
	})
}

func kindsOfEvent(c *circumstances) (Status, Text) {
	return c.unless([]foule.Feature{foule.FeatureContents, foule.FeatureShop}, Text{
		"Page views, interactions and timings are counted; contents, orders and carts are not.",
		"Pages vues, interactions et temps sont comptés ; contenus, commandes et paniers ne le sont pas.",
	})
}

func address(c *circumstances) (Status, Text) {
	v := []any{"v4", c.in.IPv4Bits, "v6", c.in.IPv6Bits}
	if c.in.Places == PlacesNone || len(c.among(foule.FeaturePlaces, foule.FeatureRegions, foule.FeatureCities)) == 0 {
		return Pass, Text{
			"Before anything else the address is cut to {v4} bits (IPv6: {v6}). No place is looked up with it.",
			"Avant tout le reste, l’adresse est réduite à {v4} bits (IPv6 : {v6}). Aucun lieu n’est cherché avec elle.",
		}.With(v...)
	}
	return Pass, Text{
		"Before anything else the address is cut to {v4} bits (IPv6: {v6}; ipv4-bits, ipv6-bits); what is left serves to find {places} in a file on this machine and is then forgotten. Coordinates are never read.",
		"Avant tout le reste, l’adresse est réduite à {v4} bits (IPv6 : {v6} ; ipv4-bits, ipv6-bits) ; ce qui reste sert à trouver {places} dans un fichier de cette machine, puis est oublié. Les coordonnées ne sont jamais lues.",
	}.With(append(v, "places", And(Titles(c.among(foule.FeaturePlaces, foule.FeatureRegions, foule.FeatureCities))))...)
}

func tracerLife(c *circumstances) (Status, Text) {
	if !c.collects(foule.FeatureVisitors) {
		return Pass, Text{"There is no tracer: no cookie, no key.", "Il n’y a pas de traceur : ni cookie, ni clé."}
	}
	return Pass, Text{
		"There is no tracer on the device. The key in the collector’s memory is destroyed {n} minutes after the site’s day.",
		"Il n’y a pas de traceur sur l’appareil. La clé en mémoire du collecteur est détruite {n} minutes après la journée du site.",
	}.With("n", KeyMinutes)
}

func referrer(c *circumstances) (Status, Text) {
	return c.unless([]foule.Feature{foule.FeatureReferrerPages}, Text{
		"No path of a referring page is kept, and never its query.",
		"Aucun chemin de page référente n’est conservé, et jamais ses paramètres.",
	})
}

func headers(*circumstances) (Status, Text) {
	return Pass, Text{
		"A fixed list of headers is read: the browser and what it says of itself unasked, language, referrer, DNT, GPC, prefetch, the opt-out cookie, authorisation, and where a proxy is trusted the one that names the client. The rest stays unread.",
		"Une liste fixe d’en-têtes est lue : le navigateur et ce qu’il dit de lui sans qu’on le demande, langue, référent, DNT, GPC, préchargement, cookie de refus, autorisation et, si un mandataire est cru, celui qui nomme le client. Le reste n’est pas lu.",
	}
}

func key(c *circumstances) (Status, Text) {
	switch {
	case !c.collects(foule.FeatureVisitors):
		return Pass, Text{"No such key is made for this site.", "Aucune clé de ce genre n’est faite pour ce site."}
	case c.in.Parking == ParkingUnknown:
		return Yours, Text{
			"The key exists in the collector’s memory. Whether the folder in which it waits during a restart (runtime-dir) is on a tmpfs, this process cannot see: the collector refuses any other. Switch swap off on its machine, or encrypt it.",
			"La clé existe en mémoire du collecteur. Ce processus ne peut pas voir si le dossier où elle attend un redémarrage (runtime-dir) est sur un tmpfs : le collecteur refuse tout autre. Désactivez l’espace d’échange de sa machine, ou chiffrez-le.",
		}
	case c.in.Parking == ParkingTmpfs:
		return Pass, Text{
			"The key exists in memory; during a restart it waits on a tmpfs (runtime-dir). It is random and destroyed with the day. Switch swap off, or encrypt it.",
			"La clé existe en mémoire ; pendant un redémarrage elle attend sur un tmpfs (runtime-dir). Elle est aléatoire et détruite avec la journée. Désactivez l’espace d’échange, ou chiffrez-le.",
		}
	}
	return Pass, Text{
		"The key exists in memory alone and ends with the process (runtime-dir is empty). It is random and destroyed with the day. Switch swap off, or encrypt it.",
		"La clé n’existe qu’en mémoire et finit avec le processus (runtime-dir est vide). Elle est aléatoire et détruite avec la journée. Désactivez l’espace d’échange, ou chiffrez-le.",
	}
}

func device(c *circumstances) (Status, Text) {
	if c.collects(foule.FeatureClientHints) {
		return Fail, Text{
			"What the browser says of its version when a script asks is taken. Our scripts do not ask; Matomo’s do. Switch the feature off.",
			"Ce que le navigateur dit de sa version quand un script le demande est pris. Nos scripts ne le demandent pas ; ceux de Matomo, si. Désactivez la fonction.",
		}
	}
	if read := c.among(foule.FeatureScreen, foule.FeatureLocalTime, foule.FeatureTimings); len(read) > 0 {
		return Pass, Text{
			"No cookie, no storage, no fonts, no canvas, no request for client hints; the one thing ever stored is a visitor’s own no. The script reads from the device: {list}.",
			"Ni cookie, ni stockage, ni polices, ni canevas, ni demande de « client hints » ; la seule chose jamais stockée est le refus du visiteur lui-même. Le script lit sur l’appareil : {list}.",
		}.With("list", And(Titles(read)))
	}
	return Yours, Text{
		"No cookie, no storage; screen, clock and timings are dropped on arrival. Embed foule.bare.js, as the installation page gives it for this site: it reads none of them, and neither does the image without script. The other scripts read and send them all the same, which may be access under article 5(3) of the ePrivacy directive.",
		"Ni cookie, ni stockage ; écran, horloge et temps sont abandonnés à l’arrivée. Insérez foule.bare.js, que la page d’installation donne pour ce site : il n’en lit aucun, pas plus que l’image sans script. Les autres scripts les lisent et les envoient quand même, ce qui peut être un accès au sens de l’article 5(3) de la directive ePrivacy.",
	}
}
