insert into user (id, email, password_hash, role, language, created)
values (:id, :email, :password_hash, :role, :language, :created)
on conflict (id) do update set
    email = excluded.email,
    password_hash = excluded.password_hash,
    role = excluded.role,
    language = excluded.language,
    created = excluded.created
