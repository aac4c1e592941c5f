update user
set
    email = :email,
    password_hash = :password_hash,
    role = :role,
    language = :language,
    created = :created
where id = :id
