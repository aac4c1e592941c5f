package privacy

import (
	"slices"

	"foule.eu/foule"
)

// Feature describes a foule.Feature.
type Feature struct {
	Name  foule.Feature
	Title Text // what is collected, to stand in a list
	// Params are the wire parameters that feed nothing else and are dropped without
	// the feature; "dimension" stands for all that begin so and a number.
	Params []string
	// Dims are the dimensions that stay empty without it.
	Dims []foule.Dimension
}

// Features is every feature, in order of display.
var Features = []Feature{
	{Name: foule.FeatureVisitors, Title: Text{"unique visitors of the day, visits, bounces and durations", "visiteurs uniques du jour, visites, rebonds et durées"},
		Params: []string{"new_visit", "ping"},
		Dims: []foule.Dimension{foule.DimExitPage, foule.DimExitTitle, foule.DimDuration, foule.DimDepth, foule.DimFunnelStep,
			foule.DimPageAfterSearch, foule.DimTitleAfterSearch, foule.DimNextPage, foule.DimPreviousPage, foule.DimPreviousSearch, foule.DimCartSKU, foule.DimCartProduct, foule.DimCartCategory}},
	{Name: foule.FeatureReferrers, Title: Text{"the host that a visit comes from", "le domaine d’où vient une visite"},
		Params: []string{"urlref"}, Dims: []foule.Dimension{foule.DimSource}},
	{Name: foule.FeatureReferrerPages, Title: Text{"the path of the referring page", "le chemin de la page référente"},
		Dims: []foule.Dimension{foule.DimReferrerPage}},
	{Name: foule.FeatureChannels, Title: Text{"acquisition channels (search engine, social network, e-mail …)", "canaux d’acquisition (moteur de recherche, réseau social, courriel…)"},
		Dims: []foule.Dimension{foule.DimChannel}},
	{Name: foule.FeatureCampaigns, Title: Text{"campaigns, UTM parameters and click ids", "campagnes, paramètres UTM et identifiants de clic"},
		Params: []string{"utm_campaign", "utm_source", "utm_medium", "utm_term", "utm_content", "mtm_campaign", "mtm_cpn", "mtm_kwd", "mtm_keyword", "matomo_campaign", "matomo_kwd",
			"pk_campaign", "pk_cpn", "pk_kwd", "pk_keyword", "piwik_campaign", "piwik_kwd"},
		Dims: []foule.Dimension{foule.DimCampaign, foule.DimCampaignSource, foule.DimCampaignMedium, foule.DimCampaignTerm, foule.DimCampaignDetail}},
	{Name: foule.FeatureTitles, Title: Text{"titles of pages", "titres des pages"},
		Params: []string{"action_name"}, Dims: []foule.Dimension{foule.DimTitle, foule.DimEntryTitle, foule.DimExitTitle, foule.DimTitleAfterSearch}},
	{Name: foule.FeatureSearches, Title: Text{"searches on the site", "recherches sur le site"},
		Params: []string{"search", "search_cat", "search_count"},
		Dims:   []foule.Dimension{foule.DimSearch, foule.DimSearchCategory, foule.DimSearchNoResult, foule.DimPageAfterSearch, foule.DimTitleAfterSearch, foule.DimPreviousSearch}},
	{Name: foule.FeatureLinks, Title: Text{"downloads and links to other sites", "téléchargements et liens sortants"},
		Params: []string{"link", "download"}, Dims: []foule.Dimension{foule.DimDownload, foule.DimOutlink}},
	{Name: foule.FeatureEvents, Title: Text{"interactions that the site names (events)", "interactions nommées par le site (événements)"},
		Params: []string{"e_c", "e_a", "e_n", "e_v", "ca"}, Dims: []foule.Dimension{foule.DimEventCategory, foule.DimEventAction, foule.DimEventName}},
	{Name: foule.FeatureContents, Title: Text{"contents shown and used", "contenus affichés et utilisés"},
		Params: []string{"c_n", "c_p", "c_t", "c_i"}, Dims: []foule.Dimension{foule.DimContentName, foule.DimContentPiece, foule.DimContentTarget}},
	{Name: foule.FeatureGoals, Title: Text{"goals and funnels", "objectifs et entonnoirs"},
		Params: []string{"idgoal", "revenue"}, Dims: []foule.Dimension{foule.DimGoal, foule.DimFunnelStep}},
	{Name: foule.FeatureShop, Title: Text{"orders, carts and products", "commandes, paniers et produits"},
		Params: []string{"ec_id", "ec_items", "ec_st", "ec_tx", "ec_sh", "ec_dt", "_pks", "_pkn", "_pkc", "_pkp"},
		Dims: []foule.Dimension{foule.DimBasket, foule.DimProduct, foule.DimProductSKU, foule.DimProductCategory,
			foule.DimCartProduct, foule.DimCartSKU, foule.DimCartCategory}},
	{Name: foule.FeatureFlows, Title: Text{"the pages seen before and after a page", "pages vues avant et après une page"},
		Dims: []foule.Dimension{foule.DimNextPage, foule.DimPreviousPage, foule.DimPreviousSearch, foule.DimPageAfterSearch, foule.DimTitleAfterSearch}},
	{Name: foule.FeatureTimings, Title: Text{"how long pages take to load", "temps de chargement des pages"},
		Params: []string{"pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl", "pv_id"}, Dims: []foule.Dimension{foule.DimTiming, foule.DimTimingBucket, foule.DimLoadTime}},
	{Name: foule.FeatureDevices, Title: Text{"kind and brand of device, browser, system", "type et marque d’appareil, navigateur, système"},
		Dims: []foule.Dimension{foule.DimDeviceType, foule.DimBrand, foule.DimBrowser, foule.DimBrowserVersion, foule.DimOS, foule.DimOSVersion}},
	{Name: foule.FeatureClientHints, Title: Text{"what the browser says of its version when a script asks", "ce que le navigateur dit de sa version quand un script le demande"},
		Params: []string{"uadata"}},
	{Name: foule.FeatureScreen, Title: Text{"size of the screen", "taille de l’écran"},
		Params: []string{"res"}, Dims: []foule.Dimension{foule.DimResolution}},
	{Name: foule.FeatureLocalTime, Title: Text{"hour on the visitor’s clock", "heure à l’horloge du visiteur"},
		Params: []string{"h"}, Dims: []foule.Dimension{foule.DimLocalHour}},
	{Name: foule.FeaturePlaces, Title: Text{"continent and country", "continent et pays"},
		Params: []string{"country"}, Dims: []foule.Dimension{foule.DimContinent, foule.DimCountry}},
	{Name: foule.FeatureRegions, Title: Text{"region", "région"},
		Params: []string{"region"}, Dims: []foule.Dimension{foule.DimRegion}},
	{Name: foule.FeatureCities, Title: Text{"city", "ville"},
		Params: []string{"city"}, Dims: []foule.Dimension{foule.DimCity}},
	{Name: foule.FeatureLanguages, Title: Text{"language of the browser", "langue du navigateur"},
		Params: []string{"lang"}, Dims: []foule.Dimension{foule.DimLanguage}},
	{Name: foule.FeatureDimensions, Title: Text{"custom dimensions", "dimensions personnalisées"},
		Params: []string{"dimension"}, Dims: customDimensions()},
}

func customDimensions() (dims []foule.Dimension) {
	for i := range foule.Dimension(foule.NumValues) {
		dims = append(dims, foule.DimVisitValue+i, foule.DimActionValue+i)
	}
	return dims
}

// Find gives a feature by its name.
func Find(name foule.Feature) (*Feature, bool) {
	i := slices.IndexFunc(Features, func(f Feature) bool { return f.Name == name })
	if i < 0 {
		return nil, false
	}
	return &Features[i], true
}
