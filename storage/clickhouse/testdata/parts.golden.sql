select
    site,
    number,
    max(counted)
from (
    select
        site,
        toUInt16(day) as number,
        sum(visits) or sum(hits) as counted
    from stats_day
    group by
        site,
        number
    union all
    select
        site,
        toUInt16(intDiv(toUnixTimestamp(hour), 86400)) as number,
        sum(visits) or sum(hits) as counted
    from stats_hour
    group by
        site,
        number
    union all
    select
        site,
        toUInt16(intDiv(toUnixTimestamp(minute), 86400)) as number,
        sum(visits) or sum(hits) as counted
    from stats_minute
    group by
        site,
        number
)
group by
    site,
    number
order by
    site,
    number
