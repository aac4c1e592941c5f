package privacy

import "foule.eu/foule"

// Status is how a requirement stands.
type Status string

// The statuses.
const (
	Pass  Status = "pass"
	Fail  Status = "fail"
	Yours Status = "yours" // no setting decides it: for the operator to do or to judge
)

// Title says a status in a word or two.
func (s Status) Title() Text {
	switch s {
	case Pass:
		return Text{"met by the settings", "rempli par les réglages"}
	case Fail:
		return Text{"not met", "non rempli"}
	}
	return Text{"yours to do", "à votre charge"}
}

// Finding is how a site stands to a requirement, and what makes it so.
type Finding struct {
	*Requirement
	Status Status `json:"status"`
	Reason Text   `json:"reason"`
}

// circumstances are what a requirement is judged by.
type circumstances struct {
	site   *foule.Site
	policy Policy
	in     *Install
	today  foule.Day
}

// Check judges a site by every requirement, in order, as of a day. Without
// consent is meant throughout: what is counted of visits with consent alone
// stands on the consent.
func Check(site *foule.Site, in *Install, today foule.Day) []Finding {
	c := &circumstances{site, Of(site), in, today}
	findings := make([]Finding, len(Requirements))
	for i := range Requirements {
		r := &Requirements[i]
		status, reason := r.check(c)
		findings[i] = Finding{r, status, reason}
	}
	return findings
}

// Counted is how many findings there are of each status.
func Counted(findings []Finding) map[Status]int {
	n := map[Status]int{}
	for _, f := range findings {
		n[f.Status]++
	}
	return n
}

// Statement is the sentence that a site may write of itself, as far as its
// settings go; ok is false where it may not: without a preset, or while they
// fail what the preset is measured by.
func Statement(site *foule.Site, findings []Finding) (sentence Text, ok bool) {
	for _, f := range findings {
		if f.Status == Fail && !f.Elsewhere && site.Privacy.Preset == foule.PresetCNIL {
			return sentence, false
		}
	}
	day := Date(Assessed(site))
	switch {
	case Assessed(site) == 0:
		return sentence, false
	case site.Privacy.Preset == foule.PresetCNIL:
		return Text{
			"Set to meet the criteria of the French exemption for audience measurement, by self-assessment of {day}.",
			"Réglé pour répondre aux critères de l’exemption française pour la mesure d’audience, par auto-évaluation du {day}.",
		}.With("day", day), true
	case site.Privacy.Preset == foule.PresetNoVisitorKey:
		return Text{
			"Set to make no visitor key and to take nothing that a script reads from the device, by self-assessment of {day}.",
			"Réglé pour ne faire aucune clé de visite et ne rien prendre de ce qu’un script lit sur l’appareil, par auto-évaluation du {day}.",
		}.With("day", day), true
	}
	return sentence, false
}

// among gives those of features that are collected without consent.
func (c *circumstances) among(features ...foule.Feature) (collected []foule.Feature) {
	for _, f := range features {
		if c.policy.Collects(f, false) {
			collected = append(collected, f)
		}
	}
	return collected
}

// collects says whether a feature is collected without consent.
func (c *circumstances) collects(f foule.Feature) bool { return c.policy.Collects(f, false) }

// unless fails where some of the features are collected, and names them.
func (c *circumstances) unless(features []foule.Feature, fine Text) (Status, Text) {
	collected := c.among(features...)
	if len(collected) == 0 {
		return Pass, fine
	}
	return Fail, Text{"Collected at present: {list}. Switch it off where this is to hold.", "Collecté à ce jour : {list}. Désactivez-le si ceci doit être tenu."}.
		With("list", And(Titles(collected)))
}
