insert into stats_hour (hour, site, dim, pack, rows)
values {{rows 5}}
on conflict do update set rows = foule_merge(rows, excluded.rows)
