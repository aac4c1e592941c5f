select dim, 0, 0, pack, rows
from stats_hour
where hour = :bucket
    and site = :site
    and dim << 48 | pack in (select value from json_each(:packs))
