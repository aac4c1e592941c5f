select hash, user_id, purpose, created, expires
from session
where hash = :hash
    and expires > :now
