insert into stats_month (month, site, dim, by_dim, by_label, pack, rows)
values {{rows 7}}
on conflict do update set rows = foule_merge(rows, excluded.rows)
