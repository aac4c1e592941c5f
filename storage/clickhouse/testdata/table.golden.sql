select
    arrayJoin([0, if(label = {other:String}, 1, 2)]) as kind,
    if(kind = 0, '', label) as name,
    count() as labels,
    sum(sum_visitors) as visitors,
    sum(sum_visits) as visits,
    sum(sum_hits) as hits,
    sum(sum_actions) as actions,
    sum(sum_bounces) as bounces,
    sum(sum_seconds) as seconds,
    sum(sum_converted_visits) as converted_visits,
    sum(sum_conversions) as conversions,
    sum(sum_revenue) as revenue,
    sum(sum_entries) as entries,
    sum(sum_entry_bounces) as entry_bounces,
    sum(sum_exits) as exits,
    sum(sum_value) as value,
    sum(sum_value_count) as value_count,
    sum(sum_interactions) as interactions,
    sum(sum_quantity) as quantity
from (
    select
        label,
        sum(visitors) as sum_visitors,
        sum(visits) as sum_visits,
        sum(hits) as sum_hits,
        sum(actions) as sum_actions,
        sum(bounces) as sum_bounces,
        sum(seconds) as sum_seconds,
        sum(converted_visits) as sum_converted_visits,
        sum(conversions) as sum_conversions,
        sum(revenue) as sum_revenue,
        sum(entries) as sum_entries,
        sum(entry_bounces) as sum_entry_bounces,
        sum(exits) as sum_exits,
        sum(value) as sum_value,
        sum(value_count) as sum_value_count,
        sum(interactions) as sum_interactions,
        sum(quantity) as sum_quantity
    from stats_day
    where site = {site:UInt32}
        and dim = {dim:UInt8}
        and by_dim = {by_dim:UInt8}
        and by_label = {by_label:String}
        and day >= toDate({from:UInt16})
        and day <= toDate({to:UInt16})
    group by label
    having sum_visitors or sum_visits or sum_hits or sum_actions or sum_bounces or sum_seconds or sum_converted_visits or sum_conversions or sum_revenue or sum_entries or sum_entry_bounces or sum_exits or sum_value or sum_value_count or sum_interactions or sum_quantity
)
group by
    kind,
    name
order by
    kind,
    visits desc,
    name
limit {limit:UInt64}
