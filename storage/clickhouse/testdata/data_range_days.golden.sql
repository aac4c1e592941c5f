select distinct toUInt16(day) as day_number
from (
    select day
    from stats_day
    where site = {site:UInt32}
        and by_dim = 0
        and by_label = ''
    group by
        day,
        dim,
        label
    having sum(visitors) or sum(visits) or sum(hits) or sum(actions) or sum(bounces) or sum(seconds) or sum(converted_visits) or sum(conversions) or sum(revenue) or sum(entries) or sum(entry_bounces) or sum(exits) or sum(value) or sum(value_count) or sum(interactions) or sum(quantity)
)
order by day_number
