-- Aggregates: counters under (site, time bucket, dimension, label), nothing
-- about a hit, a visit or a visitor.
--
-- counts is a list of decimal integers separated by commas, trailing zeros left
-- out, in this order:
--   visits, visitors, hits, actions, bounces, seconds, entries, entry_bounces,
--   exits, converted_visits, conversions, revenue, value, value_count
--
-- rows holds the counters of up to 16 labels of one report, those with
-- label.id / 16 = pack: "0:12,12,30;7:3,3,9" are the labels pack*16 + 0 and
-- pack*16 + 7. Side by side they take less space than a row each, and are read
-- three times as fast.
--
-- The views report_* at the end spell both out. An empty counts or rows lives
-- only inside a transaction: Apply deletes it, found by the partial indexes.

-- Names of dimensions, for people who read the file with other tools.
create table dimension (
    id   integer primary key,        -- as in the stats tables
    name text    not null unique     -- stable name; '' is the total
) strict;

insert into dimension (id, name) values
    (0, ''), (1, 'page'), (2, 'title'), (3, 'entry_page'), (4, 'entry_title'),
    (5, 'exit_page'), (6, 'exit_title'), (7, 'channel'), (8, 'source'),
    (9, 'referrer_page'), (10, 'campaign'), (11, 'campaign_source'),
    (12, 'campaign_medium'), (13, 'campaign_term'), (14, 'campaign_content'),
    (15, 'continent'), (16, 'country'), (17, 'region'), (18, 'city'),
    (19, 'language'), (20, 'device'), (21, 'brand'), (22, 'browser'),
    (23, 'browser_version'), (24, 'system'), (25, 'system_version'),
    (26, 'resolution'), (27, 'server_hour'), (28, 'local_hour'),
    (29, 'duration'), (30, 'depth'), (31, 'download'), (32, 'outlink'),
    (33, 'search'), (34, 'search_category'), (35, 'search_no_result'),
    (36, 'event_category'), (37, 'event_action'), (38, 'event_name'),
    (39, 'goal'), (40, 'excluded');

-- Texts of labels, numbered from 2 within their site and dimension. The label
-- '' is 0 everywhere, and '(other)' is 1; they are not listed.
create table label (
    site       integer not null,  -- site.id
    dim        integer not null,  -- dimension.id
    id         integer not null check (id >= 2),
    text       text    not null,  -- at most 512 bytes
    last_month integer not null,  -- latest month (year*12 + month-1) of a row that uses the label
    primary key (site, dim, id),
    unique (site, dim, text)
) strict, without rowid;

create index label_last_month on label (last_month);

-- Who is here now: each visit in its last active minute; kept for two days.
create table stats_minute (
    minute integer not null,  -- Unix seconds / 60
    site   integer not null,  -- site.id
    counts text    not null,  -- see above
    primary key (minute, site)
) strict, without rowid;

create index stats_minute_zero on stats_minute (minute) where counts = '';

-- The chart by hour, of the total and of the labels that reports are filtered by.
create table stats_hour (
    hour   integer not null,  -- Unix seconds / 3600
    site   integer not null,  -- site.id
    dim    integer not null,  -- dimension.id; 0 is the total
    pack   integer not null,  -- label.id / 16; 0 for the total
    rows   text    not null,  -- see above
    primary key (hour, site, dim, pack)
) strict, without rowid;

create index stats_hour_zero on stats_hour (hour) where rows = '';

-- Every report by day. The time comes first in the key so that what is written
-- today lies together, and what has expired goes together.
create table stats_day (
    day      integer not null,  -- days since 1970-01-01, in the site's time zone
    site     integer not null,  -- site.id
    dim      integer not null,  -- dimension.id; 0 is the total
    by_dim   integer not null,  -- dimension.id of the filter; 0 in a plain row
    by_label integer not null,  -- label.id of the filter, in by_dim; 0 in a plain row
    pack     integer not null,  -- label.id / 16
    rows     text    not null,  -- see above
    primary key (day, site, dim, by_dim, by_label, pack)
) strict, without rowid;

create index stats_day_zero on stats_day (day) where rows = '';

-- The same rows summed by month, from the same deltas in the same transaction.
create table stats_month (
    month    integer not null,  -- year*12 + month-1
    site     integer not null,  -- site.id
    dim      integer not null,  -- dimension.id; 0 is the total
    by_dim   integer not null,  -- dimension.id of the filter; 0 in a plain row
    by_label integer not null,  -- label.id of the filter, in by_dim; 0 in a plain row
    pack     integer not null,  -- label.id / 16
    rows     text    not null,  -- see above
    primary key (month, site, dim, by_dim, by_label, pack)
) strict, without rowid;

create index stats_month_zero on stats_month (month) where rows = '';

-- Which batches have been applied: runs of segment numbers without a gap, so
-- the table stays exact for ever with about a row per shard.
create table applied (
    source text    not null,  -- the token up to its last slash: collector/shard
    first  integer not null,  -- first segment of the run
    last   integer not null check (last >= first),  -- its last segment
    primary key (source, first)
) strict, without rowid;

create view report_minute as
select
    datetime(r.minute * 60, 'unixepoch') as utc_minute,
    r.site as site,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count
from stats_minute r;

-- A row per label.
create view unpacked_hour as
select
    s.*,
    s.pack * 16 + cast(json_extract(e.value, '$[0]') as integer) as label,
    json_extract(e.value, '$[1]') as counts
from stats_hour s, json_each('[["' || replace(replace(s.rows, ';', '"],["'), ':', '","') || '"]]') e;

create view unpacked_day as
select
    s.*,
    s.pack * 16 + cast(json_extract(e.value, '$[0]') as integer) as label,
    json_extract(e.value, '$[1]') as counts
from stats_day s, json_each('[["' || replace(replace(s.rows, ';', '"],["'), ':', '","') || '"]]') e;

create view unpacked_month as
select
    s.*,
    s.pack * 16 + cast(json_extract(e.value, '$[0]') as integer) as label,
    json_extract(e.value, '$[1]') as counts
from stats_month s, json_each('[["' || replace(replace(s.rows, ';', '"],["'), ':', '","') || '"]]') e;

create view report_hour as
select
    datetime(r.hour * 3600, 'unixepoch') as utc_hour,
    r.site as site,
    d.name as dimension,
    case r.label when 0 then '' when 1 then '(other)' else l.text end as label,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count
from unpacked_hour r
join dimension d on d.id = r.dim
left join label l on l.site = r.site and l.dim = r.dim and l.id = r.label;

create view report_day as
select
    date(r.day * 86400, 'unixepoch') as day,
    r.site as site,
    d.name as dimension,
    case r.label when 0 then '' when 1 then '(other)' else l.text end as label,
    f.name as filter_dimension,
    case r.by_label when 0 then '' when 1 then '(other)' else fl.text end as filter_label,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count
from unpacked_day r
join dimension d on d.id = r.dim
join dimension f on f.id = r.by_dim
left join label l on l.site = r.site and l.dim = r.dim and l.id = r.label
left join label fl on fl.site = r.site and fl.dim = r.by_dim and fl.id = r.by_label;

create view report_month as
select
    printf('%04d-%02d', r.month / 12, r.month % 12 + 1) as month,
    r.site as site,
    d.name as dimension,
    case r.label when 0 then '' when 1 then '(other)' else l.text end as label,
    f.name as filter_dimension,
    case r.by_label when 0 then '' when 1 then '(other)' else fl.text end as filter_label,
    coalesce(json_extract('[' || r.counts || ']', '$[0]'), 0) as visits,
    coalesce(json_extract('[' || r.counts || ']', '$[1]'), 0) as visitors,
    coalesce(json_extract('[' || r.counts || ']', '$[2]'), 0) as hits,
    coalesce(json_extract('[' || r.counts || ']', '$[3]'), 0) as actions,
    coalesce(json_extract('[' || r.counts || ']', '$[4]'), 0) as bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[5]'), 0) as seconds,
    coalesce(json_extract('[' || r.counts || ']', '$[6]'), 0) as entries,
    coalesce(json_extract('[' || r.counts || ']', '$[7]'), 0) as entry_bounces,
    coalesce(json_extract('[' || r.counts || ']', '$[8]'), 0) as exits,
    coalesce(json_extract('[' || r.counts || ']', '$[9]'), 0) as converted_visits,
    coalesce(json_extract('[' || r.counts || ']', '$[10]'), 0) as conversions,
    coalesce(json_extract('[' || r.counts || ']', '$[11]'), 0) as revenue,
    coalesce(json_extract('[' || r.counts || ']', '$[12]'), 0) as value,
    coalesce(json_extract('[' || r.counts || ']', '$[13]'), 0) as value_count
from unpacked_month r
join dimension d on d.id = r.dim
join dimension f on f.id = r.by_dim
left join label l on l.site = r.site and l.dim = r.dim and l.id = r.label
left join label fl on fl.site = r.site and fl.dim = r.by_dim and fl.id = r.by_label;
