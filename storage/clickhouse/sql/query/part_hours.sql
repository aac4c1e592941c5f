select
    dim,
    toInt64(intDiv(toUnixTimestamp(hour), 3600)) as bucket,
    label,
    {{metrics all "sum({m}) as sum_{m}" ",\n    "}}
from stats_hour
where site = {site:UInt32}
    and hour >= toDateTime({from:UInt32})
    and hour <= toDateTime({to:UInt32})
group by
    dim,
    bucket,
    label
having {{metrics all "sum_{m} != 0" " or "}}
order by
    dim,
    bucket,
    label
