-- The goals of one site, or of all with :site 0.
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
    event_value
from goal
where :site in (0, site)
order by site, id
