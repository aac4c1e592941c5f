insert into goal (
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
)
select
    id,
    last_goal,
    :name,
    :match,
    :pattern,
    :pattern_type,
    :case_sensitive,
    :multiple,
    :revenue_minor,
    :event_value
from site
where id = :site
