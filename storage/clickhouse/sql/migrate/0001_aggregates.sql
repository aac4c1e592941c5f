-- Aggregates: counters under (site, time bucket, dimension, label), nothing
-- about a hit, a visit or a visitor. A row is a difference: rows with the same
-- key add up, and the engine puts them together whenever it merges parts.
--
-- Dimensions are numbers, see dimension.go of the program; 0 is the total. The
-- metrics are the same in every table.

-- Which migrations have been taken.
create table if not exists schema_migration{{.OnCluster}} (
    version UInt32{{.Comment "number of the migration, rising from 1"}},
    name    String{{.Comment "name of its file"}},
    applied DateTime('UTC'){{.Comment "when it was done"}}
)
engine = {{.Replicated "schema_migration" "MergeTree"}}
order by version;

-- Who is here now: each visit in its last active minute.
create table if not exists {{.Local "stats_minute"}}{{.OnCluster}} (
    site             UInt32{{.Comment "site.id"}},
    minute           DateTime('UTC'){{.Comment "start of the minute in which visits were last active"}}{{.Codec "DoubleDelta, ZSTD(1)"}},{{.Batch}}
    visitors         Int64{{.Comment "different visitors of the day"}}{{.Counter}},
    visits           Int64{{.Comment "visits"}}{{.Counter}},
    hits             Int64{{.Comment "page views; of a download, outlink, search or custom event: how often it happened"}}{{.Counter}},
    actions          Int64{{.Comment "page views, downloads, outlinks, searches and custom events"}}{{.Counter}},
    bounces          Int64{{.Comment "visits with at most one action"}}{{.Counter}},
    seconds          Int64{{.Comment "length of visits; of a page or title: time on it"}}{{.Counter}},
    converted_visits Int64{{.Comment "visits with at least one conversion"}}{{.Counter}},
    conversions      Int64{{.Comment "conversions of goals, and orders"}}{{.Counter}},
    revenue          Int64{{.Comment "in minor units (cents) of the currency of the site"}}{{.Counter}},
    entries          Int64{{.Comment "of a page or title: visits that began here"}}{{.Counter}},
    entry_bounces    Int64{{.Comment "of entries, those that bounced"}}{{.Counter}},
    exits            Int64{{.Comment "of a page or title: visits that ended here"}}{{.Counter}},
    value            Int64{{.Comment "sum of the values of custom events, in thousandths; of timings, in milliseconds"}}{{.Counter}},
    value_count      Int64{{.Comment "custom events that carried a value; timings that were measured"}}{{.Counter}},
    interactions     Int64{{.Comment "of content: interactions, beside hits, its impressions"}}{{.Counter}},
    quantity         Int64{{.Comment "items of orders and carts"}}{{.Counter}}
)
engine = {{.Summing "stats_minute"}}
partition by toYYYYMM(minute)
order by (site, minute)
{{.TTL .Minutes}}
{{.Settings}};

-- The chart by hour, of the total and of the labels that reports are filtered by.
create table if not exists {{.Local "stats_hour"}}{{.OnCluster}} (
    site             UInt32{{.Comment "site.id"}},
    dim              UInt8{{.Comment "number of the dimension; 0 is the total"}},
    hour             DateTime('UTC'){{.Comment "start of the hour"}}{{.Codec "DoubleDelta, ZSTD(1)"}},
    label            {{.Label}}{{.Comment "label of the dimension, at most 512 bytes; empty for the total"}}{{.Codec "ZSTD(1)"}},{{.Batch}}
    visitors         Int64{{.Comment "different visitors of the day"}}{{.Counter}},
    visits           Int64{{.Comment "visits"}}{{.Counter}},
    hits             Int64{{.Comment "page views; of a download, outlink, search or custom event: how often it happened"}}{{.Counter}},
    actions          Int64{{.Comment "page views, downloads, outlinks, searches and custom events"}}{{.Counter}},
    bounces          Int64{{.Comment "visits with at most one action"}}{{.Counter}},
    seconds          Int64{{.Comment "length of visits; of a page or title: time on it"}}{{.Counter}},
    converted_visits Int64{{.Comment "visits with at least one conversion"}}{{.Counter}},
    conversions      Int64{{.Comment "conversions of goals, and orders"}}{{.Counter}},
    revenue          Int64{{.Comment "in minor units (cents) of the currency of the site"}}{{.Counter}},
    entries          Int64{{.Comment "of a page or title: visits that began here"}}{{.Counter}},
    entry_bounces    Int64{{.Comment "of entries, those that bounced"}}{{.Counter}},
    exits            Int64{{.Comment "of a page or title: visits that ended here"}}{{.Counter}},
    value            Int64{{.Comment "sum of the values of custom events, in thousandths; of timings, in milliseconds"}}{{.Counter}},
    value_count      Int64{{.Comment "custom events that carried a value; timings that were measured"}}{{.Counter}},
    interactions     Int64{{.Comment "of content: interactions, beside hits, its impressions"}}{{.Counter}},
    quantity         Int64{{.Comment "items of orders and carts"}}{{.Counter}}
)
engine = {{.Summing "stats_hour"}}
partition by toYYYYMM(hour)
order by (site, dim, hour, label)
{{.TTL (.Months "hour")}}
{{.Settings}};

-- Every report by day, plain (by_dim 0) and under one filter.
create table if not exists {{.Local "stats_day"}}{{.OnCluster}} (
    site             UInt32{{.Comment "site.id"}},
    dim              UInt8{{.Comment "number of the dimension; 0 is the total"}},
    by_dim           UInt8{{.Comment "number of the dimension of the filter; 0 in a plain row"}},
    by_label         {{.Label}}{{.Comment "label of the filter; empty in a plain row"}}{{.Codec "ZSTD(1)"}},
    day              Date{{.Comment "day in the time zone of the site"}}{{.Codec "DoubleDelta, ZSTD(1)"}},
    label            {{.Label}}{{.Comment "label of the dimension, at most 512 bytes; empty for the total"}}{{.Codec "ZSTD(1)"}},{{.Batch}}
    visitors         Int64{{.Comment "different visitors of the day"}}{{.Counter}},
    visits           Int64{{.Comment "visits; of a page: visits that saw it"}}{{.Counter}},
    hits             Int64{{.Comment "page views; of a download, outlink, search or custom event: how often it happened"}}{{.Counter}},
    actions          Int64{{.Comment "page views, downloads, outlinks, searches and custom events"}}{{.Counter}},
    bounces          Int64{{.Comment "visits with at most one action"}}{{.Counter}},
    seconds          Int64{{.Comment "length of visits; of a page or title: time on it"}}{{.Counter}},
    converted_visits Int64{{.Comment "visits with at least one conversion"}}{{.Counter}},
    conversions      Int64{{.Comment "conversions of goals, and orders"}}{{.Counter}},
    revenue          Int64{{.Comment "in minor units (cents) of the currency of the site"}}{{.Counter}},
    entries          Int64{{.Comment "of a page or title: visits that began here"}}{{.Counter}},
    entry_bounces    Int64{{.Comment "of entries, those that bounced"}}{{.Counter}},
    exits            Int64{{.Comment "of a page or title: visits that ended here"}}{{.Counter}},
    value            Int64{{.Comment "sum of the values of custom events, in thousandths; of timings, in milliseconds"}}{{.Counter}},
    value_count      Int64{{.Comment "custom events that carried a value; timings that were measured"}}{{.Counter}},
    interactions     Int64{{.Comment "of content: interactions, beside hits, its impressions"}}{{.Counter}},
    quantity         Int64{{.Comment "items of orders and carts"}}{{.Counter}}
)
engine = {{.Summing "stats_day"}}
partition by toYYYYMM(day)
order by (site, dim, by_dim, by_label, day, label)
{{.TTL (.Months "day")}}
{{.Settings}};
{{if .Cluster}}
-- On a cluster the names stand for all shards; a site's rows are on one.
create table if not exists stats_minute{{.OnCluster}} as {{.Database}}.stats_minute_local
engine = {{.Distributed "stats_minute_local"}};

create table if not exists stats_hour{{.OnCluster}} as {{.Database}}.stats_hour_local
engine = {{.Distributed "stats_hour_local"}};

create table if not exists stats_day{{.OnCluster}} as {{.Database}}.stats_day_local
engine = {{.Distributed "stats_day_local"}};
{{end}}
