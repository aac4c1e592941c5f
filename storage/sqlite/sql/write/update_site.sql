update site
set
    name = :name,
    timezone = :timezone,
    currency = :currency,
    created = :created,
    any_host = :any_host,
    keep_fragment = :keep_fragment,
    no_site_search = :no_site_search,
    ignore_dnt = :ignore_dnt,
    lists = :lists
where id = :id
