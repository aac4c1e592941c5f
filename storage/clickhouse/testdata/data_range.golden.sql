select
    count(),
    toUInt16(min(day)),
    toUInt16(max(day))
from stats_day
where site = {site:UInt32}
    and by_dim = 0
    and by_label = ''
