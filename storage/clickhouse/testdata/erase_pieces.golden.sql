select distinct toUInt64(PIECE) as piece
from stats_hour
where site = {site:UInt32}
    and WHERE
order by piece
