select text
from (
    select toString(label) as text
    from stats_day
    where site = {site:UInt32}
        and day >= toDate({since:UInt16})
        and ({dim:UInt8} = 0 or dim = {dim:UInt8})
    group by text
    union all
    select toString(by_label) as text
    from stats_day
    where site = {site:UInt32}
        and day >= toDate({since:UInt16})
        and by_dim != 0
        and ({dim:UInt8} = 0 or by_dim = {dim:UInt8})
    group by text
    union all
    select toString(label) as text
    from stats_month
    where site = {site:UInt32}
        and month >= toStartOfMonth(toDate({since:UInt16}))
        and ({dim:UInt8} = 0 or dim = {dim:UInt8})
    group by text
    union all
    select toString(by_label) as text
    from stats_month
    where site = {site:UInt32}
        and month >= toStartOfMonth(toDate({since:UInt16}))
        and by_dim != 0
        and ({dim:UInt8} = 0 or by_dim = {dim:UInt8})
    group by text
    union all
    select toString(label) as text
    from stats_hour
    where site = {site:UInt32}
        and hour >= toDateTime({since_hour:UInt32})
        and ({dim:UInt8} = 0 or dim = {dim:UInt8})
    group by text
)
where text not in ('', {other:String})
    and hex(SHA256(concat({salt:String}, text))) in ('HASH', 'HASH')
group by text
order by text
