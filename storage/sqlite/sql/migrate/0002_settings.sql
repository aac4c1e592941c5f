-- Settings: what the dashboard and the command line manage.

create table site (
    id             integer primary key autoincrement,  -- Matomo's idsite
    name           text    not null,
    timezone       text    not null,  -- IANA name; '' is UTC
    currency       text    not null,  -- ISO 4217; '' is EUR
    created        integer not null,  -- Unix seconds
    any_host       integer not null check (any_host in (0, 1)),        -- count page views of foreign hosts
    keep_fragment  integer not null check (keep_fragment in (0, 1)),   -- keep the URL fragment
    no_site_search integer not null check (no_site_search in (0, 1)),  -- do not look for searches in URLs
    ignore_dnt     integer not null check (ignore_dnt in (0, 1)),      -- count visitors who send DNT
    lists          text    not null check (json_valid(lists)),         -- list-valued settings, a JSON object
    last_goal      integer not null default 0                          -- highest goal number ever given
) strict;

create table goal (
    site           integer not null references site (id),
    id             integer not null,  -- number within the site, from 1, never used twice
    name           text    not null,
    match          text    not null,  -- what the pattern is compared with: Matomo's match_attribute
    pattern        text    not null,
    pattern_type   text    not null,  -- contains, exact or regex
    case_sensitive integer not null check (case_sensitive in (0, 1)),
    multiple       integer not null check (multiple in (0, 1)),     -- counts several times in a visit
    revenue_minor  integer not null,                                -- minor units per conversion
    event_value    integer not null check (event_value in (0, 1)),  -- revenue is the custom event's value
    primary key (site, id)
) strict, without rowid;

create table user (
    id            integer primary key autoincrement,
    email         text    not null unique collate nocase,
    password_hash text    not null,  -- PHC string of argon2id; '' until the set-up link was used
    role          text    not null,  -- read, write or admin
    language      text    not null,  -- fr, en, or '' for the browser's
    created       integer not null   -- Unix seconds
) strict;

create table session (
    hash    blob    not null primary key check (length(hash) = 32),  -- SHA-256 of the secret
    user_id integer not null,
    purpose text    not null,  -- login or setup
    created integer not null,  -- Unix seconds
    expires integer not null   -- Unix seconds; the first second at which it is no longer valid
) strict, without rowid;

create table token (
    id      integer primary key autoincrement,
    hash    blob    not null unique check (length(hash) = 32),  -- SHA-256 of the secret
    name    text    not null,
    scope   text    not null,  -- read, write or admin
    site    integer not null,  -- site.id; 0 is all sites
    created integer not null   -- Unix seconds
) strict;

-- Small facts of the installation.
create table meta (
    key   text not null primary key,
    value text not null
) strict, without rowid;
