insert into stats_month (month, site, dim, by_dim, by_label, pack, rows)
select :month, site, dim, by_dim, by_label, pack, rows
from stats_day
where day = :day
    and site = :site
on conflict do update set rows = foule_merge(rows, excluded.rows)
