select
    arrayJoin([0, if(label = {other:String}, 1, 2)]) as kind,
    if(kind = 0, '', label) as name,
    count() as labels,
    sum(sum_visitors) as all_visitors,
    sum(sum_visits) as all_visits,
    sum(sum_hits) as all_hits,
    sum(sum_actions) as all_actions
from (
select
    label,
    sum(part_visitors) as sum_visitors,
    sum(part_visits) as sum_visits,
    sum(part_hits) as sum_hits,
    sum(part_actions) as sum_actions
from (
select
    label,
    sum(visitors) as part_visitors,
    sum(visits) as part_visits,
    sum(hits) as part_hits,
    sum(actions) as part_actions
from stats_month
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and by_dim = {by_dim:UInt8}
    and by_label = {by_label:String}
    and month >= toDate({first:UInt16})
    and month <= toDate({last:UInt16})
group by label

union all

select
    label,
    sum(visitors) as part_visitors,
    sum(visits) as part_visits,
    sum(hits) as part_hits,
    sum(actions) as part_actions
from stats_day
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and by_dim = {by_dim:UInt8}
    and by_label = {by_label:String}
    and day >= toDate({from:UInt16})
    and day <= toDate({to:UInt16})
    and (day < toDate({first:UInt16}) or day > toDate({last:UInt16}))
group by label
)
group by label
having sum_visitors != 0 or sum_visits != 0 or sum_hits != 0 or sum_actions != 0
)
group by
    kind,
    name
order by
    kind,
    all_visits desc,
    name
limit {limit:UInt64}
