insert into label (site, dim, id, text, last_month)
select
    :site,
    :dim,
    1 + coalesce((select max(id) from label where site = :site and dim = :dim), 1),
    :text,
    :month
where true
on conflict (site, dim, text) do update set last_month = max(last_month, excluded.last_month)
returning id, last_month
