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
    lists,
    version
from site final
where {id:UInt32} = 0
    or id = {id:UInt32}
order by id
