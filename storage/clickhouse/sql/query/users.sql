select
    id,
    email,
    password_hash,
    role,
    language,
    created,
    version
from user final
where deleted = 0
    and ({id:Int64} = 0 or id = {id:Int64})
    and ({email:String} = '' or lower(email) = lower({email:String}))
order by id
