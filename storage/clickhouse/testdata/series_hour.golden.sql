select
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
    and label = {label:String}
group by bucket
having sum_visitors or sum_visits or sum_hits or sum_actions or sum_bounces or sum_seconds or sum_converted_visits or sum_conversions or sum_revenue
order by bucket
