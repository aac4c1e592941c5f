select id, email, password_hash, role, language, created
from user
where id = :id
