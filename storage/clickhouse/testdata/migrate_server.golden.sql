-- 0001_aggregates

create table if not exists schema_migration (
    version UInt32 comment 'number of the migration, rising from 1',
    name    String comment 'name of its file',
    applied DateTime('UTC') comment 'when it was done'
)
engine = MergeTree()
order by version;

create table if not exists stats_minute (
    site             UInt32 comment 'site.id',
    minute           DateTime('UTC') comment 'start of the minute in which visits were last active' codec(DoubleDelta, ZSTD(1)),
    visitors         Int64 comment 'different visitors of the day' codec(T64, ZSTD(1)),
    visits           Int64 comment 'visits' codec(T64, ZSTD(1)),
    hits             Int64 comment 'page views; of a download, outlink, search or custom event: how often it happened' codec(T64, ZSTD(1)),
    actions          Int64 comment 'page views, downloads, outlinks, searches and custom events' codec(T64, ZSTD(1)),
    bounces          Int64 comment 'visits with at most one action' codec(T64, ZSTD(1)),
    seconds          Int64 comment 'length of visits; of a page or title: time on it' codec(T64, ZSTD(1)),
    converted_visits Int64 comment 'visits with at least one conversion' codec(T64, ZSTD(1)),
    conversions      Int64 comment 'conversions of goals, and orders' codec(T64, ZSTD(1)),
    revenue          Int64 comment 'in minor units (cents) of the currency of the site' codec(T64, ZSTD(1)),
    entries          Int64 comment 'of a page or title: visits that began here' codec(T64, ZSTD(1)),
    entry_bounces    Int64 comment 'of entries, those that bounced' codec(T64, ZSTD(1)),
    exits            Int64 comment 'of a page or title: visits that ended here' codec(T64, ZSTD(1)),
    value            Int64 comment 'sum of the values of custom events, in thousandths; of timings, in milliseconds' codec(T64, ZSTD(1)),
    value_count      Int64 comment 'custom events that carried a value; timings that were measured' codec(T64, ZSTD(1)),
    interactions     Int64 comment 'of content: interactions, beside hits, its impressions' codec(T64, ZSTD(1)),
    quantity         Int64 comment 'items of orders and carts' codec(T64, ZSTD(1))
)
engine = SummingMergeTree
partition by toYYYYMM(minute)
order by (site, minute)
ttl minute + toIntervalDay(2)
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists stats_hour (
    site             UInt32 comment 'site.id',
    dim              UInt8 comment 'number of the dimension; 0 is the total',
    hour             DateTime('UTC') comment 'start of the hour' codec(DoubleDelta, ZSTD(1)),
    label            LowCardinality(String) comment 'label of the dimension, at most 512 bytes; empty for the total' codec(ZSTD(1)),
    visitors         Int64 comment 'different visitors of the day' codec(T64, ZSTD(1)),
    visits           Int64 comment 'visits' codec(T64, ZSTD(1)),
    hits             Int64 comment 'page views; of a download, outlink, search or custom event: how often it happened' codec(T64, ZSTD(1)),
    actions          Int64 comment 'page views, downloads, outlinks, searches and custom events' codec(T64, ZSTD(1)),
    bounces          Int64 comment 'visits with at most one action' codec(T64, ZSTD(1)),
    seconds          Int64 comment 'length of visits; of a page or title: time on it' codec(T64, ZSTD(1)),
    converted_visits Int64 comment 'visits with at least one conversion' codec(T64, ZSTD(1)),
    conversions      Int64 comment 'conversions of goals, and orders' codec(T64, ZSTD(1)),
    revenue          Int64 comment 'in minor units (cents) of the currency of the site' codec(T64, ZSTD(1)),
    entries          Int64 comment 'of a page or title: visits that began here' codec(T64, ZSTD(1)),
    entry_bounces    Int64 comment 'of entries, those that bounced' codec(T64, ZSTD(1)),
    exits            Int64 comment 'of a page or title: visits that ended here' codec(T64, ZSTD(1)),
    value            Int64 comment 'sum of the values of custom events, in thousandths; of timings, in milliseconds' codec(T64, ZSTD(1)),
    value_count      Int64 comment 'custom events that carried a value; timings that were measured' codec(T64, ZSTD(1)),
    interactions     Int64 comment 'of content: interactions, beside hits, its impressions' codec(T64, ZSTD(1)),
    quantity         Int64 comment 'items of orders and carts' codec(T64, ZSTD(1))
)
engine = SummingMergeTree
partition by toYYYYMM(hour)
order by (site, dim, hour, label)
ttl toStartOfMonth(hour) + toIntervalMonth(25)
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists stats_day (
    site             UInt32 comment 'site.id',
    dim              UInt8 comment 'number of the dimension; 0 is the total',
    by_dim           UInt8 comment 'number of the dimension of the filter; 0 in a plain row',
    by_label         LowCardinality(String) comment 'label of the filter; empty in a plain row' codec(ZSTD(1)),
    day              Date comment 'day in the time zone of the site' codec(DoubleDelta, ZSTD(1)),
    label            LowCardinality(String) comment 'label of the dimension, at most 512 bytes; empty for the total' codec(ZSTD(1)),
    visitors         Int64 comment 'different visitors of the day' codec(T64, ZSTD(1)),
    visits           Int64 comment 'visits; of a page: visits that saw it' codec(T64, ZSTD(1)),
    hits             Int64 comment 'page views; of a download, outlink, search or custom event: how often it happened' codec(T64, ZSTD(1)),
    actions          Int64 comment 'page views, downloads, outlinks, searches and custom events' codec(T64, ZSTD(1)),
    bounces          Int64 comment 'visits with at most one action' codec(T64, ZSTD(1)),
    seconds          Int64 comment 'length of visits; of a page or title: time on it' codec(T64, ZSTD(1)),
    converted_visits Int64 comment 'visits with at least one conversion' codec(T64, ZSTD(1)),
    conversions      Int64 comment 'conversions of goals, and orders' codec(T64, ZSTD(1)),
    revenue          Int64 comment 'in minor units (cents) of the currency of the site' codec(T64, ZSTD(1)),
    entries          Int64 comment 'of a page or title: visits that began here' codec(T64, ZSTD(1)),
    entry_bounces    Int64 comment 'of entries, those that bounced' codec(T64, ZSTD(1)),
    exits            Int64 comment 'of a page or title: visits that ended here' codec(T64, ZSTD(1)),
    value            Int64 comment 'sum of the values of custom events, in thousandths; of timings, in milliseconds' codec(T64, ZSTD(1)),
    value_count      Int64 comment 'custom events that carried a value; timings that were measured' codec(T64, ZSTD(1)),
    interactions     Int64 comment 'of content: interactions, beside hits, its impressions' codec(T64, ZSTD(1)),
    quantity         Int64 comment 'items of orders and carts' codec(T64, ZSTD(1))
)
engine = SummingMergeTree
partition by toYYYYMM(day)
order by (site, dim, by_dim, by_label, day, label)
ttl toStartOfMonth(day) + toIntervalMonth(25)
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

-- 0002_settings

create table if not exists site (
    id             UInt32 comment 'Matomo\'s idsite',
    name           String comment 'as people see it',
    timezone       String comment 'IANA name; empty is UTC',
    currency       String comment 'ISO 4217; empty is EUR',
    created        Int64 comment 'Unix seconds',
    any_host       UInt8 comment '1: count page views of foreign hosts',
    keep_fragment  UInt8 comment '1: keep the fragment of URLs',
    no_site_search UInt8 comment '1: do not look for searches in URLs',
    ignore_dnt     UInt8 comment '1: count visitors who send Do Not Track',
    lists          String comment 'list-valued settings, a JSON object',
    version        UInt64 comment 'the highest counts'
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists goal (
    site           UInt32 comment 'site.id',
    id             UInt32 comment 'number within the site, from 1, never used twice',
    name           String comment 'as people see it',
    match          String comment 'what the pattern is compared with: match_attribute of Matomo',
    pattern        String comment 'what is looked for',
    pattern_type   String comment 'contains, exact or regex',
    case_sensitive UInt8 comment '1: case matters',
    multiple       UInt8 comment '1: counts several times in a visit',
    revenue_minor  Int64 comment 'minor units (cents) per conversion',
    event_value    UInt8 comment '1: the revenue is the value of the custom event',
    version        UInt64 comment 'the highest counts',
    deleted        UInt8 comment '1: there is none'
)
engine = ReplacingMergeTree(version)
order by (site, id)
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists user (
    id            Int64 comment 'from 1, never used twice',
    email         String comment 'unique, ignoring case of ASCII letters',
    password_hash String comment 'PHC string of argon2id; empty until the set-up link was used',
    role          String comment 'read, write or admin',
    language      String comment 'fr, en, or empty for that of the browser',
    created       Int64 comment 'Unix seconds',
    version       UInt64 comment 'the highest counts',
    deleted       UInt8 comment '1: there is none'
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists session (
    hash    FixedString(32) comment 'SHA-256 of the secret',
    user_id Int64 comment 'user.id',
    purpose String comment 'login or setup',
    created Int64 comment 'Unix seconds',
    expires Int64 comment 'Unix seconds; the first second at which it is no longer valid',
    version UInt64 comment 'the highest counts',
    deleted UInt8 comment '1: there is none'
)
engine = ReplacingMergeTree(version)
order by hash
ttl toDateTime(least(greatest(expires, 0), 4102444800))
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists token (
    id      Int64 comment 'from 1, never used twice',
    hash    FixedString(32) comment 'SHA-256 of the secret; zero in a deleted one',
    name    String comment 'as people see it',
    scope   String comment 'read, write or admin',
    site    UInt32 comment 'site.id; 0 is all sites',
    created Int64 comment 'Unix seconds',
    version UInt64 comment 'the highest counts',
    deleted UInt8 comment '1: there is none'
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists meta (
    key     String comment 'name of the fact',
    value   String comment 'the fact',
    version UInt64 comment 'the highest counts'
)
engine = ReplacingMergeTree(version)
order by key
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

create table if not exists claim (
    what   String comment 'site, goal, user or token',
    site   UInt32 comment 'site.id of a goal; 0 otherwise',
    number Int64 comment 'the number',
    nonce  UInt64 comment 'random: whoever finds another beside its own takes the next number'
)
engine = MergeTree()
order by (what, site, number)
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

-- 0003_months

create table if not exists stats_month (
    site             UInt32 comment 'site.id',
    dim              UInt8 comment 'number of the dimension; 0 is the total',
    by_dim           UInt8 comment 'number of the dimension of the filter; 0 in a plain row',
    by_label         LowCardinality(String) comment 'label of the filter; empty in a plain row' codec(ZSTD(1)),
    month            Date comment 'first day of the month, in the time zone of the site' codec(DoubleDelta, ZSTD(1)),
    label            LowCardinality(String) comment 'label of the dimension, at most 512 bytes; empty for the total' codec(ZSTD(1)),
    visitors         Int64 comment 'different visitors of the day' codec(T64, ZSTD(1)),
    visits           Int64 comment 'visits; of a page: visits that saw it' codec(T64, ZSTD(1)),
    hits             Int64 comment 'page views; of a download, outlink, search or custom event: how often it happened' codec(T64, ZSTD(1)),
    actions          Int64 comment 'page views, downloads, outlinks, searches and custom events' codec(T64, ZSTD(1)),
    bounces          Int64 comment 'visits with at most one action' codec(T64, ZSTD(1)),
    seconds          Int64 comment 'length of visits; of a page or title: time on it' codec(T64, ZSTD(1)),
    converted_visits Int64 comment 'visits with at least one conversion' codec(T64, ZSTD(1)),
    conversions      Int64 comment 'conversions of goals, and orders' codec(T64, ZSTD(1)),
    revenue          Int64 comment 'in minor units (cents) of the currency of the site' codec(T64, ZSTD(1)),
    entries          Int64 comment 'of a page or title: visits that began here' codec(T64, ZSTD(1)),
    entry_bounces    Int64 comment 'of entries, those that bounced' codec(T64, ZSTD(1)),
    exits            Int64 comment 'of a page or title: visits that ended here' codec(T64, ZSTD(1)),
    value            Int64 comment 'sum of the values of custom events, in thousandths; of timings, in milliseconds' codec(T64, ZSTD(1)),
    value_count      Int64 comment 'custom events that carried a value; timings that were measured' codec(T64, ZSTD(1)),
    interactions     Int64 comment 'of content: interactions, beside hits, its impressions' codec(T64, ZSTD(1)),
    quantity         Int64 comment 'items of orders and carts' codec(T64, ZSTD(1))
)
engine = SummingMergeTree
partition by toYear(month)
order by (site, dim, by_dim, by_label, month, label)
ttl toStartOfMonth(month) + toIntervalMonth(25)
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

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
    id        Int64 comment 'from 1, never used twice',
    site      UInt32 comment 'site.id',
    kind      String comment 'site, range or label',
    dim       UInt8 comment 'number of the dimension of the label; 0 is every dimension',
    contained UInt8 comment '1: every label that contained a text',
    from_day  Int32 comment 'first day of the range, in days since 1970',
    to_day    Int32 comment 'its last day',
    labels    Int64 comment 'how many labels were found',
    rows      Int64 comment 'how many rows were taken',
    user_id   Int64 comment 'user.id; 0 is the command line',
    begun     Int64 comment 'Unix seconds',
    done      Int64 comment 'Unix seconds; 0 until it is',
    until     Int64 comment 'Unix seconds until which it stands; 0 if it does not',
    salt      String comment 'of the hashes; empty once it stands no longer',
    hashes    String comment 'SHA-256 of salt and label, 32 bytes each; empty once it stands no longer',
    version   UInt64 comment 'the highest counts'
)
engine = ReplacingMergeTree(version)
order by id
settings index_granularity = 8192, non_replicated_deduplication_window = 50000, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;

