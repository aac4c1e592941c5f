select
    label, bucket,
    sum(part_visitors) as sum_visitors,
    sum(part_visits) as sum_visits,
    sum(part_hits) as sum_hits,
    sum(part_actions) as sum_actions
from (
select
    label,
    toInt64(toInt64(toYear(month)) * 12 + toMonth(month) - 1) as bucket,
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
    and label in ({label_0:String}, {label_1:String})
group by label, bucket

union all

select
    label,
    toInt64(toInt64(toYear(day)) * 12 + toMonth(day) - 1) as bucket,
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
    and label in ({label_0:String}, {label_1:String})
group by label, bucket
)
group by label, bucket
having sum_visitors != 0 or sum_visits != 0 or sum_hits != 0 or sum_actions != 0
order by bucket
