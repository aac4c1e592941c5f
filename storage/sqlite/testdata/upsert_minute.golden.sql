insert into stats_minute (minute, site, counts)
values (?, ?, ?),
    (?, ?, ?)
on conflict do update set counts = foule_add(counts, excluded.counts)
