select dim, by_dim, by_label, pack, rows
from stats_month
where month = :bucket
    and site = :site
