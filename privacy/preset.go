package privacy

import (
	"slices"

	"foule.eu/foule"
)

// Preset is a set of settings that belong together.
type Preset struct {
	Name  foule.Preset
	Title Text
	What  Text      // for whom it is
	Dated foule.Day // of the texts that it was written after
	Pins  []Pin
}

// Pin is a setting that a preset holds in place.
type Pin struct {
	// Feature is switched off, unless it is empty.
	Feature foule.Feature
	// Setting is then another setting: "rounded" (on) or "ignore_dnt" (off).
	Setting string
	Rule    string // the requirement, as "C6"
	Reason  Text
}

// The settings, beside features, that presets pin.
const (
	SettingRounded   = "rounded"
	SettingIgnoreDNT = "ignore_dnt"
)

// Presets is every preset but none, in order of display.
var Presets = []Preset{
	{
		Name:  foule.PresetCNIL,
		Title: Text{"CNIL exemption", "Exemption CNIL"},
		What:  Text{"Set to meet the criteria of the French exemption for audience measurement, by self-assessment.", "Réglé pour répondre aux critères de l’exemption française pour la mesure d’audience, par auto-évaluation."},
		Dated: day("2026-11-29"),
		Pins: []Pin{
			off(foule.FeatureChannels, "C6", "The exempt mode has no acquisition channels.", "Le mode exempté n’a pas de canaux d’acquisition."),
			off(foule.FeatureCampaigns, "C6", "Campaigns and their performance are outside the exempt purposes.", "Les campagnes et leurs performances sont hors des finalités exemptées."),
			off(foule.FeatureReferrerPages, "C10", "A referrer is cut to its host.", "Un référent est réduit à son domaine."),
			off(foule.FeatureContents, "C7", "Three kinds of event are exempt: presence on a page, interaction with a function, timing.", "Trois types d’événement sont exemptés : présence sur une page, interaction avec une fonction, temps."),
			off(foule.FeatureShop, "C7", "Orders and carts are none of the three exempt kinds of event.", "Commandes et paniers ne sont aucun des trois types d’événement exemptés."),
			off(foule.FeatureDimensions, "C3", "A custom dimension can carry what a customer file says of a person.", "Une dimension personnalisée peut porter ce qu’un fichier client dit d’une personne."),
			off(foule.FeatureClientHints, "C13", "The device is not probed: a script’s request for client hints is.", "L’appareil n’est pas interrogé ; demander des « client hints » par script en est une interrogation."),
			{Setting: SettingRounded, Rule: "C14", Reason: Text{"Figures are shown rounded to ten.", "Les chiffres sont présentés arrondis à la dizaine."}},
			dnt(),
		},
	},
	{
		Name:  foule.PresetNoVisitorKey,
		Title: Text{"No visitor key", "Sans clé de visite"},
		What:  Text{"For countries without an exemption for audience measurement (Belgium, Germany): nothing is derived from the visitor’s device to tell visitors apart, and nothing that a script reads from it is taken.", "Pour les pays sans exemption pour la mesure d’audience (Belgique, Allemagne) : rien n’est dérivé de l’appareil du visiteur pour distinguer les visiteurs, et rien de ce qu’un script y lit n’est pris."},
		Dated: day("2026-11-29"),
		Pins: []Pin{
			off(foule.FeatureVisitors, "C12", "No key is made, so nobody can be told apart, not even within a day.", "Aucune clé n’est faite : personne ne peut être distingué, même au cours d’une journée."),
			off(foule.FeatureClientHints, "C13", "What a script reads from the device falls under article 5(3) of the ePrivacy directive.", "Ce qu’un script lit sur l’appareil relève de l’article 5(3) de la directive ePrivacy."),
			off(foule.FeatureScreen, "C13", "The size of the screen is read from the device.", "La taille de l’écran est lue sur l’appareil."),
			off(foule.FeatureLocalTime, "C13", "The clock is read from the device.", "L’horloge est lue sur l’appareil."),
			off(foule.FeatureTimings, "C13", "Timings are measured on the device.", "Les temps sont mesurés sur l’appareil."),
			off(foule.FeatureDimensions, "C3", "A custom dimension can carry what tells a person apart.", "Une dimension personnalisée peut porter de quoi distinguer une personne."),
			dnt(),
		},
	},
}

func off(f foule.Feature, rule, en, fr string) Pin {
	return Pin{Feature: f, Rule: rule, Reason: Text{en, fr}}
}

func dnt() Pin {
	return Pin{Setting: SettingIgnoreDNT, Rule: "C22", Reason: Text{"Do Not Track is an objection by automated means.", "Do Not Track est une opposition par voie automatisée."}}
}

func day(text string) foule.Day {
	d, err := foule.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

// FindPreset gives a preset by its name; none has no entry.
func FindPreset(name foule.Preset) (*Preset, bool) {
	i := slices.IndexFunc(Presets, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return nil, false
	}
	return &Presets[i], true
}

// Pin gives the preset's pin of a feature, if it has one. No preset, nil, has none.
func (p *Preset) Pin(f foule.Feature) (Pin, bool) {
	if p == nil {
		return Pin{}, false
	}
	i := slices.IndexFunc(p.Pins, func(pin Pin) bool { return pin.Feature == f && f != "" })
	if i < 0 {
		return Pin{}, false
	}
	return p.Pins[i], true
}
