insert into stats_month (month, site, dim, by_dim, by_label, pack, rows)
values (?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?)
on conflict do update set rows = foule_merge(rows, excluded.rows)
