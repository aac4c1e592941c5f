select
    dim as key_dim,
    by_dim as key_by,
    toString(by_label) as key_by_label,
    toInt64(toUInt16(day)) as key_bucket,
    toString(label) as key_label,
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
    and WHERE
    and PIECE = {piece:UInt64}
group by
    key_dim,
    key_by,
    key_by_label,
    key_bucket,
    key_label
having sum_visitors != 0 or sum_visits != 0 or sum_hits != 0 or sum_actions != 0 or sum_bounces != 0 or sum_seconds != 0 or sum_converted_visits != 0 or sum_conversions != 0 or sum_revenue != 0 or sum_entries != 0 or sum_entry_bounces != 0 or sum_exits != 0 or sum_value != 0 or sum_value_count != 0 or sum_interactions != 0 or sum_quantity != 0
