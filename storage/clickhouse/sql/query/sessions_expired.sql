select
    hash,
    expires,
    version
from session final
where deleted = 0
    and expires <= {now:Int64}
order by hash
