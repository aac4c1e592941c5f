select dim, by_dim, by_label, pack, rows
from stats_day
where day = :day
    and site = :site
