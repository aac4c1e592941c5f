package document

// Columns are columns of the embedded store that need the same words.
type Columns struct {
	Table string
	Names []string
	What  text
}

// Schema is every table and column of the embedded store. A test compares it
// with the migrations, in both directions; ClickHouse has the same under its own
// types (docs/clickhouse.md).
var Schema = []Columns{
	{"dimension", []string{"id", "name"}, text{EN: "names of dimensions, the same in every installation", FR: "noms des dimensions, les mêmes dans toute installation"}},
	{"label", []string{"site", "dim", "id", "text"}, text{EN: "texts of a dimension’s labels: a path, a country code, a browser’s name; 512 bytes at most, scrubbed", FR: "textes des libellés d’une dimension : un chemin, un code de pays, un nom de navigateur ; 512 octets au plus, expurgés"}},
	{"label", []string{"last_month"}, text{EN: "latest month in which a row uses the label; when it goes, the text goes", FR: "dernier mois où une ligne utilise le libellé ; quand il part, le texte part"}},
	{"stats_minute", []string{"minute", "site", "counts"}, text{EN: "visits by their last active minute, and their visitors", FR: "visites par leur dernière minute active, et leurs visiteurs"}},
	{"stats_hour", []string{"hour", "site", "dim", "pack", "rows"}, text{EN: "counters by hour, of the total and of filters’ labels", FR: "compteurs par heure, du total et des libellés de filtres"}},
	{"stats_day", []string{"day", "site", "dim", "pack", "rows"}, text{EN: "counters by day of the site", FR: "compteurs par jour du site"}},
	{"stats_day", []string{"by_dim", "by_label"}, text{EN: "the filter, in a row of a two-way table", FR: "le filtre, dans une ligne d’un tableau à deux entrées"}},
	{"stats_month", []string{"month", "site", "dim", "by_dim", "by_label", "pack", "rows"}, text{EN: "the same by month", FR: "la même chose par mois"}},
	{"applied", []string{"source", "first", "last"}, text{EN: "which batches have been counted", FR: "quels lots ont été comptés"}},
	{"site", []string{"id", "name", "timezone", "currency", "created", "any_host", "keep_fragment", "no_site_search", "ignore_dnt", "lists", "last_goal"},
		text{EN: "sites and what counts there; the lists hold hosts, parameters, exclusions, custom dimensions, funnels and privacy", FR: "les sites et ce qui y compte ; les listes portent domaines, paramètres, exclusions, dimensions personnalisées, entonnoirs et vie privée"}},
	{"goal", []string{"site", "id", "name", "match", "pattern", "pattern_type", "case_sensitive", "multiple", "revenue_minor", "event_value"}, text{EN: "goals", FR: "objectifs"}},
	{"user", []string{"id", "email", "password_hash", "role", "language", "created"}, text{EN: "people who may log in to the dashboard: the operator’s own, not visitors", FR: "personnes qui peuvent se connecter au tableau de bord : celles de l’exploitant, pas les visiteurs"}},
	{"session", []string{"hash", "user_id", "purpose", "created", "expires"}, text{EN: "log-ins and set-up links, under a hash of their secret", FR: "connexions et liens d’installation, sous une empreinte de leur secret"}},
	{"token", []string{"id", "hash", "name", "scope", "site", "created"}, text{EN: "API tokens, under a hash of their secret", FR: "jetons d’API, sous une empreinte de leur secret"}},
	{"meta", []string{"key", "value"}, text{EN: "facts of the installation", FR: "faits de l’installation"}},
	{"erasure", []string{"id", "site", "kind", "dim", "contained", "from_day", "to_day", "labels", "rows", "user_id", "begun", "done"},
		text{EN: "what was erased, when and by whom, never the text of a label", FR: "ce qui a été effacé, quand et par qui, jamais le texte d’un libellé"}},
	{"erasure", []string{"until", "salt", "hashes"},
		text{EN: "until when it is repeated, and until then salted hashes of the labels", FR: "jusqu’à quand l’effacement est répété, et jusque-là des empreintes salées des libellés"}},
}
