select minute, counts
from stats_minute
where minute >= :from
    and minute < :to
    and site = :site
order by minute
