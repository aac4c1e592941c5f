select hour, dim, pack, rows
from stats_hour
where hour >= :day * 24
    and hour < :day * 24 + 24
    and site = :site
