select
    toInt64(intDiv(toUnixTimestamp(minute), 60)) as bucket,
    {{metrics all "sum({m}) as sum_{m}" ",\n    "}}
from stats_minute
where site = {site:UInt32}
    and minute >= toDateTime({from:UInt32})
    and minute <= toDateTime({to:UInt32})
group by bucket
having {{metrics all "sum_{m} != 0" " or "}}
order by bucket
