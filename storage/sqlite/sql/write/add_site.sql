insert into site (
    name,
    timezone,
    currency,
    created,
    any_host,
    keep_fragment,
    no_site_search,
    ignore_dnt,
    lists
)
values (
    :name,
    :timezone,
    :currency,
    :created,
    :any_host,
    :keep_fragment,
    :no_site_search,
    :ignore_dnt,
    :lists
)
