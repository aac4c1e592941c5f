select
    kind,
    text,
    count() as found,
    uniqExactIf(number, number > 0) as days
from (
    select
        dim as kind,
        toString(label) as text,
        toInt64(toUInt16(day)) + 1 as number
    from stats_day
    where site = {site:UInt32}
        and ({dim:UInt8} = 0 or dim = {dim:UInt8})
        and LABEL
    group by
        kind,
        text,
        number,
        by_dim,
        by_label
    having sum(visitors) != 0 or sum(visits) != 0 or sum(hits) != 0 or sum(actions) != 0 or sum(bounces) != 0 or sum(seconds) != 0 or sum(converted_visits) != 0 or sum(conversions) != 0 or sum(revenue) != 0 or sum(entries) != 0 or sum(entry_bounces) != 0 or sum(exits) != 0 or sum(value) != 0 or sum(value_count) != 0 or sum(interactions) != 0 or sum(quantity) != 0
    union all
    select
        by_dim as kind,
        toString(by_label) as text,
        toInt64(toUInt16(day)) + 1 as number
    from stats_day
    where site = {site:UInt32}
        and by_dim != 0
        and ({dim:UInt8} = 0 or by_dim = {dim:UInt8})
        and BY LABEL
    group by
        kind,
        text,
        number,
        dim,
        label
    having sum(visitors) != 0 or sum(visits) != 0 or sum(hits) != 0 or sum(actions) != 0 or sum(bounces) != 0 or sum(seconds) != 0 or sum(converted_visits) != 0 or sum(conversions) != 0 or sum(revenue) != 0 or sum(entries) != 0 or sum(entry_bounces) != 0 or sum(exits) != 0 or sum(value) != 0 or sum(value_count) != 0 or sum(interactions) != 0 or sum(quantity) != 0
    union all
    select
        dim as kind,
        toString(label) as text,
        toInt64(0) as number
    from stats_hour
    where site = {site:UInt32}
        and ({dim:UInt8} = 0 or dim = {dim:UInt8})
        and LABEL
    group by
        kind,
        text,
        hour
    having sum(visitors) != 0 or sum(visits) != 0 or sum(hits) != 0 or sum(actions) != 0 or sum(bounces) != 0 or sum(seconds) != 0 or sum(converted_visits) != 0 or sum(conversions) != 0 or sum(revenue) != 0 or sum(entries) != 0 or sum(entry_bounces) != 0 or sum(exits) != 0 or sum(value) != 0 or sum(value_count) != 0 or sum(interactions) != 0 or sum(quantity) != 0
)
where text not in ('', {other:String})
group by
    kind,
    text
order by
    kind,
    text
limit {limit:UInt64}
