select
    id,
    site,
    kind,
    dim,
    contained,
    from_day,
    to_day,
    labels,
    rows,
    user_id,
    begun,
    done,
    until,
    salt,
    hashes,
    version
from erasure final
order by id desc
