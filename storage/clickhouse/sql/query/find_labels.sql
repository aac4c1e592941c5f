select
    kind,
    text,
    count() as found,
    uniqExactIf(number, number > 0) as days
from (
    select
        dim as kind,
        toString(label) as text,
        toInt64(toUInt16(day)) + 1 as number
    from stats_day
    where site = {site:UInt32}
        and ({dim:UInt8} = 0 or dim = {dim:UInt8})
        and {{.Label}}
    group by
        kind,
        text,
        number,
        by_dim,
        by_label
    having {{metrics all "sum({m}) != 0" " or "}}
    union all
    select
        by_dim as kind,
        toString(by_label) as text,
        toInt64(toUInt16(day)) + 1 as number
    from stats_day
    where site = {site:UInt32}
        and by_dim != 0
        and ({dim:UInt8} = 0 or by_dim = {dim:UInt8})
        and {{.ByLabel}}
    group by
        kind,
        text,
        number,
        dim,
        label
    having {{metrics all "sum({m}) != 0" " or "}}
    union all
    select
        dim as kind,
        toString(label) as text,
        toInt64(0) as number
    from stats_hour
    where site = {site:UInt32}
        and ({dim:UInt8} = 0 or dim = {dim:UInt8})
        and {{.Label}}
    group by
        kind,
        text,
        hour
    having {{metrics all "sum({m}) != 0" " or "}}
)
where text not in ('', {other:String})
group by
    kind,
    text
order by
    kind,
    text
limit {limit:UInt64}
