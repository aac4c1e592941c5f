-- The same as stats_day by month: whole months of a long range come from here,
-- the other days from there.
create table if not exists {{.Local "stats_month"}}{{.OnCluster}} (
    site             UInt32{{.Comment "site.id"}},
    dim              UInt8{{.Comment "number of the dimension; 0 is the total"}},
    by_dim           UInt8{{.Comment "number of the dimension of the filter; 0 in a plain row"}},
    by_label         {{.Label}}{{.Comment "label of the filter; empty in a plain row"}}{{.Codec "ZSTD(1)"}},
    month            Date{{.Comment "first day of the month, in the time zone of the site"}}{{.Codec "DoubleDelta, ZSTD(1)"}},
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
engine = {{.Summing "stats_month"}}
partition by {{.Years "month"}}
order by (site, dim, by_dim, by_label, month, label)
{{.TTL (.Months "month")}}
{{.Settings}};
{{if .Cluster}}
create table if not exists stats_month{{.OnCluster}} as {{.Database}}.stats_month_local
engine = {{.Distributed "stats_month_local"}};
{{end}}
-- What was counted before, month by month: first what an earlier try left is taken
-- back, if it was broken off, then the days come in, added up, as that takes a fifth
-- of the time that their rows would. No batch may come meanwhile.
{{range .Filled}}
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
where toYYYYMM(month) = {{.}}
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
where toYYYYMM(day) = {{.}}
group by site, dim, by_dim, by_label, month, label
settings max_bytes_before_external_group_by = 500000000;
{{end}}
