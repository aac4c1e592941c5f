insert into stats_month (month, site, dim, by_dim, by_label, label, counts)
values (?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?)
on conflict do update set counts = foule_add(counts, excluded.counts)
