update goal
set
    name = :name,
    match = :match,
    pattern = :pattern,
    pattern_type = :pattern_type,
    case_sensitive = :case_sensitive,
    multiple = :multiple,
    revenue_minor = :revenue_minor,
    event_value = :event_value
where site = :site
    and id = :id
