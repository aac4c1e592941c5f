-- The rows with one of some packs of labels, or under one of some labels: each is
-- a number, dimension * 2^48 + the pack or label.
select dim, by_dim, by_label, pack, rows
from stats_month
where month = :bucket
    and site = :site
    and (
        dim << 48 | pack in (select value from json_each(:packs))
        or by_dim << 48 | by_label in (select value from json_each(:bys))
    )
