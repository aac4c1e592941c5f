insert into stats_minute (minute, site, counts)
values {{rows 3}}
on conflict do update set counts = foule_add(counts, excluded.counts)
