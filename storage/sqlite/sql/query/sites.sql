-- One site, or all with :id 0.
select
    id,
    name,
    timezone,
    currency,
    created,
    any_host,
    keep_fragment,
    no_site_search,
    ignore_dnt,
    lists
from site
where :id in (0, id)
order by id
