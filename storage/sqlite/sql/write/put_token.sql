insert into token (id, hash, name, scope, site, created)
values (:id, :hash, :name, :scope, :site, :created)
on conflict (id) do update set
    hash = excluded.hash,
    name = excluded.name,
    scope = excluded.scope,
    site = excluded.site,
    created = excluded.created
