select dim, 0, 0, pack, rows
from stats_hour
where hour = :bucket
    and site = :site
