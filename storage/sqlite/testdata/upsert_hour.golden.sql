insert into stats_hour (hour, site, dim, label, counts)
values (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?)
on conflict do update set counts = foule_add(counts, excluded.counts)
