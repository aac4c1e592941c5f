select id, email, password_hash, role, language, created
from user
order by id
