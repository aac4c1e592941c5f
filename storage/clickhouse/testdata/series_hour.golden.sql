select
    label,
    toInt64(intDiv(toUnixTimestamp(hour), 3600)) as bucket,
    sum(visitors) as sum_visitors,
    sum(visits) as sum_visits,
    sum(hits) as sum_hits,
    sum(actions) as sum_actions,
    sum(bounces) as sum_bounces,
    sum(seconds) as sum_seconds,
    sum(converted_visits) as sum_converted_visits,
    sum(conversions) as sum_conversions,
    sum(revenue) as sum_revenue
from stats_hour
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and hour >= toDateTime({from:UInt32})
    and hour <= toDateTime({to:UInt32})
    and label in ({label_0:String})
group by label, bucket
having sum_visitors != 0 or sum_visits != 0 or sum_hits != 0 or sum_actions != 0 or sum_bounces != 0 or sum_seconds != 0 or sum_converted_visits != 0 or sum_conversions != 0 or sum_revenue != 0
order by bucket
