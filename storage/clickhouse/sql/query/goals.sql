select
    site,
    id,
    name,
    match,
    pattern,
    pattern_type,
    case_sensitive,
    multiple,
    revenue_minor,
    event_value,
    version
from goal final
where deleted = 0
    and ({site:UInt32} = 0 or site = {site:UInt32})
order by site, id
