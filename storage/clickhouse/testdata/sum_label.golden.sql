select
    sum(visitors) as sum_visitors,
    sum(visits) as sum_visits,
    sum(hits) as sum_hits,
    sum(actions) as sum_actions
from stats_day
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and by_dim = {by_dim:UInt8}
    and by_label = {by_label:String}
    and day >= toDate({from:UInt16})
    and day <= toDate({to:UInt16})
    and label in ({label_0:String})
    and label != {other:String}
