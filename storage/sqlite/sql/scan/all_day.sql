select dim, by_dim, by_label, pack, rows
from stats_day
where day = :bucket
    and site = :site
