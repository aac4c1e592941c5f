package document

import (
	"slices"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// possible says whether a feature can fill anything as site and installation
// are set up: places need a file, goals and custom dimensions a definition.
func (w *writer) possible(f foule.Feature) bool {
	switch f {
	case foule.FeaturePlaces:
		return w.Install.Places != privacy.PlacesNone || w.Install.CountryFromLanguage
	case foule.FeatureRegions, foule.FeatureCities:
		return w.Install.Places != privacy.PlacesNone
	case foule.FeatureGoals:
		return len(w.Site.Goals) > 0 || slices.ContainsFunc(w.Site.Funnels, func(f foule.Funnel) bool { return !f.Off })
	case foule.FeatureDimensions:
		return slices.ContainsFunc(w.Site.Dimensions, func(d foule.CustomDimension) bool { return !d.Off })
	}
	return true
}

// collected lists the features that a site collects of everybody, of those
// alone who consented, and of nobody.
func (w *writer) collected() (all, consented, none []foule.Feature) {
	for i := range privacy.Features {
		f := privacy.Features[i].Name
		switch {
		case w.policy.Collects(f, false) && w.possible(f):
			all = append(all, f)
		case w.policy.ConsentOnly(f) && w.possible(f):
			consented = append(consented, f)
		case !w.policy.Collects(f, true):
			none = append(none, f)
		}
	}
	return all, consented, none
}

// any gives those of features that are collected, of everybody or with consent.
func (w *writer) any(features ...foule.Feature) (list []foule.Feature) {
	for _, f := range features {
		if w.possible(f) && (w.policy.Collects(f, false) || w.policy.Collects(f, true)) {
			list = append(list, f)
		}
	}
	return list
}

// has says whether a feature is collected, of everybody or with consent.
func (w *writer) has(f foule.Feature) bool { return len(w.any(f)) > 0 }

// pageViews is what every site collects, whatever its features.
func (w *writer) pageViews() text {
	if len(w.Site.KeepQuery) == 0 {
		return text{EN: "pages seen, by address without parameters, and the page at which a visit begins", FR: "pages vues, par adresse sans paramètres, et page où commence une visite"}
	}
	var kept []text
	for _, name := range w.Site.KeepQuery {
		kept = append(kept, same(clean(name)))
	}
	return text{EN: "pages seen, by address without parameters other than {list}, and the page at which a visit begins", FR: "pages vues, par adresse sans autres paramètres que {list}, et page où commence une visite"}.With("list", privacy.And(kept))
}

// onDevice is what a script reads on the device, where it is asked to.
var onDevice = []foule.Feature{foule.FeatureScreen, foule.FeatureLocalTime, foule.FeatureTimings, foule.FeatureClientHints}

// sentAnyway is what our scripts send whether it is collected or not.
var sentAnyway = []foule.Feature{foule.FeatureScreen, foule.FeatureLocalTime, foule.FeatureTimings}
