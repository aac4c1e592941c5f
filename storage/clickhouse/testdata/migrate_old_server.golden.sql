-- 0001_aggregates

create table if not exists schema_migration (
    version UInt32,
    name    String,
    applied DateTime('UTC')
)
engine = MergeTree()
order by version;

create table if not exists stats_minute (
    site             UInt32,
    minute           DateTime('UTC'),
    visitors         Int64,
    visits           Int64,
    hits             Int64,
    actions          Int64,
    bounces          Int64,
    seconds          Int64,
    converted_visits Int64,
    conversions      Int64,
    revenue          Int64,
    entries          Int64,
    entry_bounces    Int64,
    exits            Int64,
    value            Int64,
    value_count      Int64,
    interactions     Int64,
    quantity         Int64
)
engine = SummingMergeTree
partition by toYYYYMM(minute)
order by (site, minute)
settings index_granularity = 8192;

create table if not exists stats_hour (
    site             UInt32,
    dim              UInt8,
    hour             DateTime('UTC'),
    label            String,
    visitors         Int64,
    visits           Int64,
    hits             Int64,
    actions          Int64,
    bounces          Int64,
    seconds          Int64,
    converted_visits Int64,
    conversions      Int64,
    revenue          Int64,
    entries          Int64,
    entry_bounces    Int64,
    exits            Int64,
    value            Int64,
    value_count      Int64,
    interactions     Int64,
    quantity         Int64
)
engine = SummingMergeTree
partition by toYYYYMM(hour)
order by (site, dim, hour, label)
settings index_granularity = 8192;

create table if not exists stats_day (
    site             UInt32,
    dim              UInt8,
    by_dim           UInt8,
    by_label         String,
    day              Date,
    label            String,
    visitors         Int64,
    visits           Int64,
    hits             Int64,
    actions          Int64,
    bounces          Int64,
    seconds          Int64,
    converted_visits Int64,
    conversions      Int64,
    revenue          Int64,
    entries          Int64,
    entry_bounces    Int64,
    exits            Int64,
    value            Int64,
    value_count      Int64,
    interactions     Int64,
    quantity         Int64
)
engine = SummingMergeTree
partition by toYYYYMM(day)
order by (site, dim, by_dim, by_label, day, label)
settings index_granularity = 8192;

-- 0002_settings

create table if not exists site (
    id             UInt32,
    name           String,
    timezone       String,
    currency       String,
    created        Int64,
    any_host       UInt8,
    keep_fragment  UInt8,
    no_site_search UInt8,
    ignore_dnt     UInt8,
    lists          String,
    version        UInt64
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192;

create table if not exists goal (
    site           UInt32,
    id             UInt32,
    name           String,
    match          String,
    pattern        String,
    pattern_type   String,
    case_sensitive UInt8,
    multiple       UInt8,
    revenue_minor  Int64,
    event_value    UInt8,
    version        UInt64,
    deleted        UInt8
)
engine = ReplacingMergeTree(version)
order by (site, id)
settings index_granularity = 8192;

create table if not exists user (
    id            Int64,
    email         String,
    password_hash String,
    role          String,
    language      String,
    created       Int64,
    version       UInt64,
    deleted       UInt8
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192;

create table if not exists session (
    hash    FixedString(32),
    user_id Int64,
    purpose String,
    created Int64,
    expires Int64,
    version UInt64,
    deleted UInt8
)
engine = ReplacingMergeTree(version)
order by hash
settings index_granularity = 8192;

create table if not exists token (
    id      Int64,
    hash    FixedString(32),
    name    String,
    scope   String,
    site    UInt32,
    created Int64,
    version UInt64,
    deleted UInt8
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192;

create table if not exists meta (
    key     String,
    value   String,
    version UInt64
)
engine = ReplacingMergeTree(version)
order by key
settings index_granularity = 8192;

create table if not exists claim (
    what   String,
    site   UInt32,
    number Int64,
    nonce  UInt64
)
engine = MergeTree()
order by (what, site, number)
settings index_granularity = 8192;

-- 0003_months

create table if not exists stats_month (
    site             UInt32,
    dim              UInt8,
    by_dim           UInt8,
    by_label         String,
    month            Date,
    label            String,
    visitors         Int64,
    visits           Int64,
    hits             Int64,
    actions          Int64,
    bounces          Int64,
    seconds          Int64,
    converted_visits Int64,
    conversions      Int64,
    revenue          Int64,
    entries          Int64,
    entry_bounces    Int64,
    exits            Int64,
    value            Int64,
    value_count      Int64,
    interactions     Int64,
    quantity         Int64
)
engine = SummingMergeTree
partition by toYYYYMM(month)
order by (site, dim, by_dim, by_label, month, label)
settings index_granularity = 8192;

insert into stats_month (
    site, dim, by_dim, by_label, month, label,
    visitors, visits, hits, actions, bounces, seconds, converted_visits, conversions, revenue,
    entries, entry_bounces, exits, value, value_count, interactions, quantity
)
select
    site, dim, by_dim, by_label, month, label,
    -sum(visitors), -sum(visits), -sum(hits), -sum(actions), -sum(bounces), -sum(seconds),
    -sum(converted_visits), -sum(conversions), -sum(revenue), -sum(entries),
    -sum(entry_bounces), -sum(exits), -sum(value), -sum(value_count), -sum(interactions),
    -sum(quantity)
from stats_month
where toYYYYMM(month) = 202603
group by site, dim, by_dim, by_label, month, label
settings max_bytes_before_external_group_by = 500000000;

insert into stats_month (
    site, dim, by_dim, by_label, month, label,
    visitors, visits, hits, actions, bounces, seconds, converted_visits, conversions, revenue,
    entries, entry_bounces, exits, value, value_count, interactions, quantity
)
select
    site, dim, by_dim, by_label, toStartOfMonth(day) as month, label,
    sum(visitors), sum(visits), sum(hits), sum(actions), sum(bounces), sum(seconds),
    sum(converted_visits), sum(conversions), sum(revenue), sum(entries),
    sum(entry_bounces), sum(exits), sum(value), sum(value_count), sum(interactions),
    sum(quantity)
from stats_day
where toYYYYMM(day) = 202603
group by site, dim, by_dim, by_label, month, label
settings max_bytes_before_external_group_by = 500000000;

insert into stats_month (
    site, dim, by_dim, by_label, month, label,
    visitors, visits, hits, actions, bounces, seconds, converted_visits, conversions, revenue,
    entries, entry_bounces, exits, value, value_count, interactions, quantity
)
select
    site, dim, by_dim, by_label, month, label,
    -sum(visitors), -sum(visits), -sum(hits), -sum(actions), -sum(bounces), -sum(seconds),
    -sum(converted_visits), -sum(conversions), -sum(revenue), -sum(entries),
    -sum(entry_bounces), -sum(exits), -sum(value), -sum(value_count), -sum(interactions),
    -sum(quantity)
from stats_month
where toYYYYMM(month) = 202604
group by site, dim, by_dim, by_label, month, label
settings max_bytes_before_external_group_by = 500000000;

insert into stats_month (
    site, dim, by_dim, by_label, month, label,
    visitors, visits, hits, actions, bounces, seconds, converted_visits, conversions, revenue,
    entries, entry_bounces, exits, value, value_count, interactions, quantity
)
select
    site, dim, by_dim, by_label, toStartOfMonth(day) as month, label,
    sum(visitors), sum(visits), sum(hits), sum(actions), sum(bounces), sum(seconds),
    sum(converted_visits), sum(conversions), sum(revenue), sum(entries),
    sum(entry_bounces), sum(exits), sum(value), sum(value_count), sum(interactions),
    sum(quantity)
from stats_day
where toYYYYMM(day) = 202604
group by site, dim, by_dim, by_label, month, label
settings max_bytes_before_external_group_by = 500000000;

-- 0004_erasures

create table if not exists erasure (
    id        Int64,
    site      UInt32,
    kind      String,
    dim       UInt8,
    contained UInt8,
    from_day  Int32,
    to_day    Int32,
    labels    Int64,
    rows      Int64,
    user_id   Int64,
    begun     Int64,
    done      Int64,
    until     Int64,
    salt      String,
    hashes    String,
    version   UInt64
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192;

