select
    dim,
    by_dim,
    by_label,
    label,
    {{metrics all "sum({m}) as sum_{m}" ",\n    "}}
from stats_day
where site = {site:UInt32}
    and day = toDate({day:UInt16})
group by
    dim,
    by_dim,
    by_label,
    label
having {{metrics all "sum_{m} != 0" " or "}}
order by
    dim,
    by_dim,
    by_label,
    label
