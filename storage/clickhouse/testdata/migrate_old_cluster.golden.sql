-- 0001_aggregates

create table if not exists schema_migration on cluster 'crowd' (
    version UInt32,
    name    String,
    applied DateTime('UTC')
)
engine = ReplicatedMergeTree('/clickhouse/foule/foule/all/schema_migration', '{shard}-{replica}')
order by version;

create table if not exists stats_minute_local on cluster 'crowd' (
    site             UInt32,
    minute           DateTime('UTC'),
    batch            String,
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
engine = ReplicatedSummingMergeTree('/clickhouse/foule/foule/{shard}/stats_minute', '{replica}')
partition by toYYYYMM(minute)
order by (site, minute)
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists stats_hour_local on cluster 'crowd' (
    site             UInt32,
    dim              UInt8,
    hour             DateTime('UTC'),
    label            String,
    batch            String,
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
engine = ReplicatedSummingMergeTree('/clickhouse/foule/foule/{shard}/stats_hour', '{replica}')
partition by toYYYYMM(hour)
order by (site, dim, hour, label)
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists stats_day_local on cluster 'crowd' (
    site             UInt32,
    dim              UInt8,
    by_dim           UInt8,
    by_label         String,
    day              Date,
    label            String,
    batch            String,
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
engine = ReplicatedSummingMergeTree('/clickhouse/foule/foule/{shard}/stats_day', '{replica}')
partition by toYYYYMM(day)
order by (site, dim, by_dim, by_label, day, label)
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists stats_minute on cluster 'crowd' as foule.stats_minute_local
engine = Distributed('crowd', 'foule', 'stats_minute_local', site);

create table if not exists stats_hour on cluster 'crowd' as foule.stats_hour_local
engine = Distributed('crowd', 'foule', 'stats_hour_local', site);

create table if not exists stats_day on cluster 'crowd' as foule.stats_day_local
engine = Distributed('crowd', 'foule', 'stats_day_local', site);

-- 0002_settings

create table if not exists site on cluster 'crowd' (
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
engine = ReplicatedReplacingMergeTree('/clickhouse/foule/foule/all/site', '{shard}-{replica}', version)
order by id
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists goal on cluster 'crowd' (
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
engine = ReplicatedReplacingMergeTree('/clickhouse/foule/foule/all/goal', '{shard}-{replica}', version)
order by (site, id)
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists user on cluster 'crowd' (
    id            Int64,
    email         String,
    password_hash String,
    role          String,
    language      String,
    created       Int64,
    version       UInt64,
    deleted       UInt8
)
engine = ReplicatedReplacingMergeTree('/clickhouse/foule/foule/all/user', '{shard}-{replica}', version)
order by id
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists session on cluster 'crowd' (
    hash    FixedString(32),
    user_id Int64,
    purpose String,
    created Int64,
    expires Int64,
    version UInt64,
    deleted UInt8
)
engine = ReplicatedReplacingMergeTree('/clickhouse/foule/foule/all/session', '{shard}-{replica}', version)
order by hash
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists token on cluster 'crowd' (
    id      Int64,
    hash    FixedString(32),
    name    String,
    scope   String,
    site    UInt32,
    created Int64,
    version UInt64,
    deleted UInt8
)
engine = ReplicatedReplacingMergeTree('/clickhouse/foule/foule/all/token', '{shard}-{replica}', version)
order by id
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists meta on cluster 'crowd' (
    key     String,
    value   String,
    version UInt64
)
engine = ReplicatedReplacingMergeTree('/clickhouse/foule/foule/all/meta', '{shard}-{replica}', version)
order by key
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists claim on cluster 'crowd' (
    what   String,
    site   UInt32,
    number Int64,
    nonce  UInt64
)
engine = ReplicatedMergeTree('/clickhouse/foule/foule/all/claim', '{shard}-{replica}')
order by (what, site, number)
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

-- 0003_months

create table if not exists stats_month_local on cluster 'crowd' (
    site             UInt32,
    dim              UInt8,
    by_dim           UInt8,
    by_label         String,
    month            Date,
    label            String,
    batch            String,
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
engine = ReplicatedSummingMergeTree('/clickhouse/foule/foule/{shard}/stats_month', '{replica}')
partition by toYYYYMM(month)
order by (site, dim, by_dim, by_label, month, label)
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

create table if not exists stats_month on cluster 'crowd' as foule.stats_month_local
engine = Distributed('crowd', 'foule', 'stats_month_local', site);

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

create table if not exists erasure on cluster 'crowd' (
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
engine = ReplicatedReplacingMergeTree('/clickhouse/foule/foule/all/erasure', '{shard}-{replica}', version)
order by id
settings index_granularity = 8192, replicated_deduplication_window = 20000, replicated_deduplication_window_seconds = 604800;

