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
values (
    :site,
    :id,
    :name,
    :match,
    :pattern,
    :pattern_type,
    :case_sensitive,
    :multiple,
    :revenue_minor,
    :event_value
)
