package privacy

// Requirement is one rule that audience measurement is measured by.
type Requirement struct {
	ID    string `json:"id"` // "C1" …
	Title Text   `json:"title"`
	// Weight is "L" for law or a binding guideline, "R" for a regulator's
	// recommendation, "S" for the CNIL's self-assessment of July 2025, known at
	// second hand, "D" for our own prudent reading; "L/R" for both.
	Weight string `json:"weight"`
	// Elsewhere says that the rule is none of the French texts: a site may fail it
	// and still be set to meet the criteria of the French exemption.
	Elsewhere bool `json:"elsewhere,omitempty"`
	check     func(*circumstances) (Status, Text)
}

// Weights says in words what the weights mean.
var Weights = []struct {
	Weight string
	Title  Text
}{
	{"L", Text{"law or binding guideline", "loi ou ligne directrice contraignante"}},
	{"R", Text{"recommendation of a regulator", "recommandation d’une autorité"}},
	{"S", Text{"self-assessment grid of the CNIL (July 2025), known at second hand", "grille d’auto-évaluation de la CNIL (juillet 2025), connue de seconde main"}},
	{"D", Text{"our own prudent reading", "notre propre lecture, prudente"}},
}

// SecondHand says how far the S rules can be relied on.
var SecondHand = Text{
	"The rules marked S come from the CNIL’s self-assessment grid of July 2025. Its text was known only through quotations by third parties when this list was written: compare it with the grid itself before you rely on it. This list is no legal advice.",
	"Les règles marquées S viennent de la grille d’auto-évaluation de la CNIL de juillet 2025. Son texte n’était connu que par des citations de tiers quand cette liste a été écrite : comparez-la à la grille elle-même avant de vous y fier. Cette liste n’est pas un avis juridique.",
}

// Requirements is every rule, in order.
var Requirements = []Requirement{
	{ID: "C1", Weight: "L", check: ownAudience, Title: Text{"Only the publisher’s own audience measurement", "Uniquement la mesure d’audience de l’éditeur lui-même"}},
	{ID: "C2", Weight: "L", check: noLinking, Title: Text{"No visitor followed from one site to another", "Aucun visiteur suivi d’un site à l’autre"}},
	{ID: "C3", Weight: "L", check: noCombining, Title: Text{"No combination with other data, nothing passed on", "Aucun recoupement avec d’autres données, rien de transmis"}},
	{ID: "C4", Weight: "L", check: statisticsOnly, Title: Text{"Anonymous statistics only", "Uniquement des statistiques anonymes"}},
	{ID: "C5", Weight: "S", check: purposes, Title: Text{"Purposes within the five that are exempt", "Finalités parmi les cinq exemptées"}},
	{ID: "C6", Weight: "S", check: noAcquisition, Title: Text{"No acquisition channels, campaigns, recordings or individual paths", "Ni canaux d’acquisition, ni campagnes, ni enregistrements, ni parcours individuels"}},
	{ID: "C7", Weight: "S", check: kindsOfEvent, Title: Text{"At most three kinds of event: presence, interaction, timing", "Trois types d’événement au plus : présence, interaction, temps"}},
	{ID: "C8", Weight: "L/R", check: address, Title: Text{"The IP address serves for a city at the finest, and loses its end", "L’adresse IP sert au plus à une ville, et perd sa fin"}},
	{ID: "C9", Weight: "R", check: tracerLife, Title: Text{"A tracer lives 13 months at most", "Un traceur vit 13 mois au plus"}},
	{ID: "C10", Weight: "S", check: referrer, Title: Text{"The referrer is cut to its host", "Le référent est réduit à son domaine"}},
	{ID: "C11", Weight: "S", check: headers, Title: Text{"Only the necessary headers are read", "Seuls les en-têtes nécessaires sont lus"}},
	{ID: "C12", Weight: "D", check: key, Title: Text{"A key made of address and browser exists in memory only", "Une clé faite de l’adresse et du navigateur n’existe qu’en mémoire"}},
	{ID: "C13", Weight: "D", check: device, Title: Text{"The device is not probed, and nothing is stored on it", "L’appareil n’est pas interrogé, et rien n’y est stocké"}},
	{ID: "C14", Weight: "S", check: rounding, Title: Text{"Figures are shown rounded to the nearest ten", "Les chiffres sont présentés arrondis à la dizaine"}},
	{ID: "C15", Weight: "S", check: smallCells, Title: Text{"No combination of criteria singles out a visitor", "Aucune combinaison de critères n’isole un visiteur"}},
	{ID: "C16", Weight: "R", Elsewhere: true, check: grain, Title: Text{"Pages by the hour, devices, sources and places by the day at the finest (Spain’s AEPD)", "Pages à l’heure, appareils, sources et lieux au jour au plus fin (AEPD espagnole)"}},
	{ID: "C17", Weight: "R", check: retention, Title: Text{"Figures are kept 25 months at most", "Les chiffres sont conservés 25 mois au plus"}},
	{ID: "C18", Weight: "R", check: review, Title: Text{"Retention and purpose are reviewed from time to time", "Conservation et finalité sont réexaminées périodiquement"}},
	{ID: "C19", Weight: "R", check: informed, Title: Text{"Visitors are informed", "Les visiteurs sont informés"}},
	{ID: "C20", Weight: "R", check: refusal, Title: Text{"Visitors can refuse, easily and on every device", "Les visiteurs peuvent refuser, facilement et sur tout appareil"}},
	{ID: "C21", Weight: "L", check: gdpr, Title: Text{"The GDPR holds for what happens before anonymity", "Le RGPD s’applique à ce qui précède l’anonymat"}},
	{ID: "C22", Weight: "D", check: signals, Title: Text{"Global Privacy Control and Do Not Track are objections", "Global Privacy Control et Do Not Track sont des oppositions"}},
	{ID: "C23", Weight: "S", check: publishers, Title: Text{"Several publishers on one server stay apart", "Plusieurs éditeurs sur un serveur restent séparés"}},
	{ID: "C24", Weight: "S", check: wording, Title: Text{"One speaks of one’s own self-assessment, and of no more", "On parle de sa propre auto-évaluation, et de rien de plus"}},
	{ID: "C25", Weight: "L", check: contract, Title: Text{"A contract with the host, no transfer out of the EU without a basis", "Un contrat avec l’hébergeur, aucun transfert hors de l’UE sans base"}},
}
