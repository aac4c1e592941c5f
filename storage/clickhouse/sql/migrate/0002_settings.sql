-- Settings: what the dashboard and the command line manage. A change is a new
-- row with a higher version; of the rows with one key the highest version
-- counts, and the engine drops the others as it merges parts. A row with
-- deleted = 1 says that there is nothing under its key any more.
--
-- Every server of a cluster holds these tables as a whole.

create table if not exists site{{.OnCluster}} (
    id             UInt32{{.Comment "Matomo's idsite"}},
    name           String{{.Comment "as people see it"}},
    timezone       String{{.Comment "IANA name; empty is UTC"}},
    currency       String{{.Comment "ISO 4217; empty is EUR"}},
    created        Int64{{.Comment "Unix seconds"}},
    any_host       UInt8{{.Comment "1: count page views of foreign hosts"}},
    keep_fragment  UInt8{{.Comment "1: keep the fragment of URLs"}},
    no_site_search UInt8{{.Comment "1: do not look for searches in URLs"}},
    ignore_dnt     UInt8{{.Comment "1: count visitors who send Do Not Track"}},
    lists          String{{.Comment "list-valued settings, a JSON object"}},
    version        UInt64{{.Comment "the highest counts"}}
)
engine = {{.Replicated "site" "ReplacingMergeTree" "version"}}
order by id
{{.Settings}};

create table if not exists goal{{.OnCluster}} (
    site           UInt32{{.Comment "site.id"}},
    id             UInt32{{.Comment "number within the site, from 1, never used twice"}},
    name           String{{.Comment "as people see it"}},
    match          String{{.Comment "what the pattern is compared with: match_attribute of Matomo"}},
    pattern        String{{.Comment "what is looked for"}},
    pattern_type   String{{.Comment "contains, exact or regex"}},
    case_sensitive UInt8{{.Comment "1: case matters"}},
    multiple       UInt8{{.Comment "1: counts several times in a visit"}},
    revenue_minor  Int64{{.Comment "minor units (cents) per conversion"}},
    event_value    UInt8{{.Comment "1: the revenue is the value of the custom event"}},
    version        UInt64{{.Comment "the highest counts"}},
    deleted        UInt8{{.Comment "1: there is none"}}
)
engine = {{.Replicated "goal" "ReplacingMergeTree" "version"}}
order by (site, id)
{{.Settings}};

create table if not exists user{{.OnCluster}} (
    id            Int64{{.Comment "from 1, never used twice"}},
    email         String{{.Comment "unique, ignoring case of ASCII letters"}},
    password_hash String{{.Comment "PHC string of argon2id; empty until the set-up link was used"}},
    role          String{{.Comment "read, write or admin"}},
    language      String{{.Comment "fr, en, or empty for that of the browser"}},
    created       Int64{{.Comment "Unix seconds"}},
    version       UInt64{{.Comment "the highest counts"}},
    deleted       UInt8{{.Comment "1: there is none"}}
)
engine = {{.Replicated "user" "ReplacingMergeTree" "version"}}
order by id
{{.Settings}};

-- Log-ins and set-up links. A deleted one keeps its expiry, so that it goes
-- when what it stands for would have gone.
create table if not exists session{{.OnCluster}} (
    hash    FixedString(32){{.Comment "SHA-256 of the secret"}},
    user_id Int64{{.Comment "user.id"}},
    purpose String{{.Comment "login or setup"}},
    created Int64{{.Comment "Unix seconds"}},
    expires Int64{{.Comment "Unix seconds; the first second at which it is no longer valid"}},
    version UInt64{{.Comment "the highest counts"}},
    deleted UInt8{{.Comment "1: there is none"}}
)
engine = {{.Replicated "session" "ReplacingMergeTree" "version"}}
order by hash
{{.TTL "toDateTime(least(greatest(expires, 0), 4102444800))"}}
{{.Settings}};

create table if not exists token{{.OnCluster}} (
    id      Int64{{.Comment "from 1, never used twice"}},
    hash    FixedString(32){{.Comment "SHA-256 of the secret; zero in a deleted one"}},
    name    String{{.Comment "as people see it"}},
    scope   String{{.Comment "read, write or admin"}},
    site    UInt32{{.Comment "site.id; 0 is all sites"}},
    created Int64{{.Comment "Unix seconds"}},
    version UInt64{{.Comment "the highest counts"}},
    deleted UInt8{{.Comment "1: there is none"}}
)
engine = {{.Replicated "token" "ReplacingMergeTree" "version"}}
order by id
{{.Settings}};

-- Small facts of the installation.
create table if not exists meta{{.OnCluster}} (
    key     String{{.Comment "name of the fact"}},
    value   String{{.Comment "the fact"}},
    version UInt64{{.Comment "the highest counts"}}
)
engine = {{.Replicated "meta" "ReplacingMergeTree" "version"}}
order by key
{{.Settings}};

-- Numbers that were given to sites, goals, users and tokens, once for ever.
create table if not exists claim{{.OnCluster}} (
    what   String{{.Comment "site, goal, user or token"}},
    site   UInt32{{.Comment "site.id of a goal; 0 otherwise"}},
    number Int64{{.Comment "the number"}},
    nonce  UInt64{{.Comment "random: whoever finds another beside its own takes the next number"}}
)
engine = {{.Replicated "claim" "MergeTree"}}
order by (what, site, number)
{{.Settings}};
