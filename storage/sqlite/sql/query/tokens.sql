select id, hash, name, scope, site, created
from token
order by id
