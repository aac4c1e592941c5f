select
    hash,
    user_id,
    purpose,
    created,
    expires,
    version,
    expires > toInt64(toUnixTimestamp(now())) as valid
from session final
where deleted = 0
    and hash = toFixedString(unhex({hash:String}), 32)
