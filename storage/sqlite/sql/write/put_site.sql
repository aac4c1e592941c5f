insert into site (
    id,
    name,
    timezone,
    currency,
    created,
    any_host,
    keep_fragment,
    no_site_search,
    ignore_dnt,
    lists,
    last_goal
)
values (
    :id,
    :name,
    :timezone,
    :currency,
    :created,
    :any_host,
    :keep_fragment,
    :no_site_search,
    :ignore_dnt,
    :lists,
    :last_goal
)
on conflict (id) do update set
    name = excluded.name,
    timezone = excluded.timezone,
    currency = excluded.currency,
    created = excluded.created,
    any_host = excluded.any_host,
    keep_fragment = excluded.keep_fragment,
    no_site_search = excluded.no_site_search,
    ignore_dnt = excluded.ignore_dnt,
    lists = excluded.lists,
    last_goal = excluded.last_goal
