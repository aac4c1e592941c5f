select
    id,
    hash,
    name,
    scope,
    site,
    created,
    version
from token final
where deleted = 0
    and ({id:Int64} = 0 or id = {id:Int64})
    and ({hash:String} = '' or hex(hash) = {hash:String})
order by id
