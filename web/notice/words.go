package notice

import "foule.eu/foule/privacy"

// The page's own words; the rest is the notice's.
var (
	title        = privacy.Text{EN: "Audience measurement on this site", FR: "La mesure d’audience de ce site"}
	unknown      = privacy.Text{EN: "There is no site of this number here.", FR: "Aucun site ne porte ce numéro ici."}
	languageName = privacy.Text{EN: "Language", FR: "Langue"}

	counted    = privacy.Text{EN: "Your visits are counted, in sums that do not name you.", FR: "Vos visites sont comptées, dans des sommes qui ne vous désignent pas."}
	dntIgnored = privacy.Text{EN: "Your visits are counted. Your browser sends Do Not Track, which this site does not take for a no: say it here.", FR: "Vos visites sont comptées. Votre navigateur envoie Do Not Track, que ce site ne prend pas pour un non : dites-le ici."}
	gpc        = privacy.Text{EN: "Your browser says no (Global Privacy Control): you are not counted.", FR: "Votre navigateur dit non (Global Privacy Control) : vous n’êtes pas compté."}
	tracked    = privacy.Text{EN: "Your browser says no (Do Not Track): you are not counted.", FR: "Votre navigateur dit non (Do Not Track) : vous n’êtes pas compté."}
	out        = privacy.Text{EN: "You have said no: you are not counted.", FR: "Vous avez dit non : vous n’êtes pas compté."}

	say  = privacy.Text{EN: "Do not count my visits", FR: "Ne pas compter mes visites"}
	also = privacy.Text{EN: "Keep my no here as well", FR: "Garder aussi mon refus ici"}
	take = privacy.Text{EN: "Count my visits again", FR: "Compter à nouveau mes visites"}

	proof      = privacy.Text{EN: "Check it", FR: "Vérifier"}
	proofText  = privacy.Text{EN: "This page is made of the settings in force. They stand in a file that anyone can compare with their fingerprint:", FR: "Cette page est faite des réglages en vigueur. Ils sont écrits dans un fichier que chacun peut comparer à leur empreinte :"}
	proofLink  = privacy.Text{EN: "the settings, for machines", FR: "les réglages, pour les machines"}
	policyText = privacy.Text{EN: "The site’s privacy policy", FR: "La politique de confidentialité du site"}
)
