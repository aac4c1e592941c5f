package document

import (
	"slices"
	"strconv"
	"strings"

	"foule.eu/foule"
	"foule.eu/foule/privacy"
)

// data writes the dictionary: everything that is kept on disk, from the tables
// that the program itself is made of.
func (w *writer) data() {
	w.say("rule", text{
		EN: "All that is kept on disk. The rule behind it: the store holds sums, never a row about a hit, a visit or a visitor; what it takes to make them goes with the day.",
		FR: "Tout ce qui est conservé sur disque. La règle : la base contient des sommes, jamais une ligne sur un hit, une visite ou un visiteur ; ce qu’il faut pour les faire part avec la journée.",
	})
	w.head(text{EN: "For how long", FR: "Pour combien de temps"})
	times := []text{
		{EN: "by minute, a single total: two days", FR: "à la minute, un seul total : deux jours"},
		text{EN: "by hour, day and month: {months} (retention-months)", FR: "à l’heure, au jour et au mois : {months} (retention-months)"}.With("months", privacy.Months(w.Install.RetentionMonths)),
		{EN: "journal of hits, without address, browser and identifiers: minutes, or while the database is out of reach", FR: "journal des hits, sans adresse, navigateur ni identifiants : quelques minutes, ou tant que la base est hors d’atteinte"},
		text{EN: "working file (snapshot) of a day’s visits, as labels and counters under a running number of that day: {n} hours after its last page view", FR: "fichier de travail (instantané) des visites d’une journée, en libellés et compteurs sous un numéro courant de cette journée : {n} heures après sa dernière page vue"}.With("n", privacy.LateHours),
		text{EN: "visitor key, in memory only: until {n} minutes after the site’s day", FR: "clé de visite, en mémoire seulement : jusqu’à {n} minutes après la journée du site"}.With("n", privacy.KeyMinutes),
	}
	if w.Install.AccessLog {
		times = append(times, text{EN: "access log of requests, with the cut address and without browser, page and source: as long as the operator leaves it (access-log)", FR: "journal d’accès des requêtes, avec l’adresse réduite et sans navigateur, page ni source : aussi longtemps que l’exploitant le laisse (access-log)"})
	}
	w.list(times)
	w.head(text{EN: "Small numbers", FR: "Petits nombres"})
	w.say("small", text{
		EN: "A label is written by name if at least {k} visitor(s) of the day share it (k); in a row of a two-way table {kf} (k-filtered). Until then it counts under “(other)”.",
		FR: "Un libellé est écrit par son nom si au moins {k} visiteur(s) du jour le partagent (k) ; dans une ligne d’un tableau à deux entrées, {kf} (k-filtered). D’ici là il compte sous « (other) ».",
	}, "k", w.Install.K, "kf", w.Install.KFiltered)

	w.head(text{EN: "Dimensions", FR: "Dimensions"})
	w.say("dimensions", text{
		EN: "What sums are broken down by. A row has one of these, or one under another; never three.",
		FR: "Ce par quoi les sommes sont ventilées. Une ligne en a une, ou une sous une autre ; jamais trois.",
	})
	w.table([]text{{EN: "Dimension", FR: "Dimension"}, {EN: "A label", FR: "Un libellé"}, {EN: "Filter", FR: "Filtre"}, {EN: "On this site", FR: "Sur ce site"}}, w.dimensions())

	w.head(text{EN: "Counters", FR: "Compteurs"})
	var counters [][]string
	for m := range foule.Metric(foule.NumMetrics) {
		counters = append(counters, []string{m.String(), metricTexts[m].In(w.doc.Lang)})
	}
	w.table([]text{{EN: "Counter", FR: "Compteur"}, {EN: "What it sums", FR: "Ce qu’il additionne"}}, counters)

	w.head(text{EN: "Tables and columns", FR: "Tables et colonnes"})
	w.say("tables", text{EN: "Of the embedded store; ClickHouse has the same tables of sums under its own types.", FR: "De la base embarquée ; ClickHouse a les mêmes tables de sommes, avec ses propres types."})
	var columns [][]string
	for _, c := range Schema {
		columns = append(columns, []string{c.Table, strings.Join(c.Names, ", "), c.What.In(w.doc.Lang)})
	}
	w.table([]text{{EN: "Table", FR: "Table"}, {EN: "Columns", FR: "Colonnes"}, {EN: "What", FR: "Quoi"}}, columns)
}

// dimensions has a row for each dimension; the custom ones that a site does not
// declare are left out.
func (w *writer) dimensions() (rows [][]string) {
	for d := range foule.Dimension(foule.NumDimensions) {
		name, what := d.String(), dimensionTexts[d]
		switch {
		case d == foule.DimTotal:
			name = "–"
		case d.IsVisitValue() || d.IsActionValue():
			i := slices.IndexFunc(w.Site.Dimensions, func(c foule.CustomDimension) bool { return c.Dimension() == d })
			if i < 0 {
				continue
			}
			what = text{EN: "custom dimension {n}: {name}", FR: "dimension personnalisée {n} : {name}"}.
				With("n", strconv.FormatUint(uint64(w.Site.Dimensions[i].ID), 10), "name", same(clean(w.Site.Dimensions[i].Name)))
		}
		filter := ""
		if d.Info().Filter {
			filter = text{EN: "yes", FR: "oui"}.In(w.doc.Lang)
		}
		rows = append(rows, []string{name, what.In(w.doc.Lang), filter, w.here(d).In(w.doc.Lang)})
	}
	return rows
}

// here says whether a dimension is filled on the site.
func (w *writer) here(d foule.Dimension) text {
	needs := privacy.Fills(d)
	if d == foule.DimConsent && !w.policy.Consent {
		return text{EN: "empty", FR: "vide"}
	}
	if i := slices.IndexFunc(w.Site.Dimensions, func(c foule.CustomDimension) bool { return c.Dimension() == d }); i >= 0 && w.Site.Dimensions[i].Off {
		return text{EN: "no longer counted", FR: "n’est plus comptée"}
	}
	all := func(consented bool) bool {
		return !slices.ContainsFunc(needs, func(f foule.Feature) bool { return !w.policy.Collects(f, consented) || !w.possible(f) })
	}
	switch {
	case all(false):
		return text{EN: "kept", FR: "conservée"}
	case all(true):
		return text{EN: "with consent", FR: "avec consentement"}
	}
	return text{EN: "empty", FR: "vide"}
}
