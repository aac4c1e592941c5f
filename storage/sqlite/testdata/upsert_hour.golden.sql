insert into stats_hour (hour, site, dim, pack, rows)
values (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?)
on conflict do update set rows = foule_merge(rows, excluded.rows)
