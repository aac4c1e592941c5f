select id, hash, name, scope, site, created
from token
where hash = :hash
