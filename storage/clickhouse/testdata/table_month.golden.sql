select
    label,
    label = {other:String} as is_other,
    sum_visitors,
    sum_visits,
    sum_hits,
    sum_actions,
    count() over () as labels,
    sum(sum_visitors) over () as all_visitors,
    sum(sum_visits) over () as all_visits,
    sum(sum_hits) over () as all_hits,
    sum(sum_actions) over () as all_actions
from (
select
    label,
    sum(visitors) as sum_visitors,
    sum(visits) as sum_visits,
    sum(hits) as sum_hits,
    sum(actions) as sum_actions
from stats_month
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and by_dim = {by_dim:UInt8}
    and by_label = {by_label:String}
    and month >= toDate({first:UInt16})
    and month <= toDate({last:UInt16})
group by label
having sum_visitors != 0 or sum_visits != 0 or sum_hits != 0 or sum_actions != 0
)
order by
    is_other desc,
    sum_visits asc,
    label
limit {limit:UInt64}
