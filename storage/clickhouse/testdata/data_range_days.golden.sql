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
    having sum(visitors) != 0 or sum(visits) != 0 or sum(hits) != 0 or sum(actions) != 0 or sum(bounces) != 0 or sum(seconds) != 0 or sum(converted_visits) != 0 or sum(conversions) != 0 or sum(revenue) != 0 or sum(entries) != 0 or sum(entry_bounces) != 0 or sum(exits) != 0 or sum(value) != 0 or sum(value_count) != 0 or sum(interactions) != 0 or sum(quantity) != 0
)
order by day_number
