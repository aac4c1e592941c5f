insert into user (email, password_hash, role, language, created)
values (:email, :password_hash, :role, :language, :created)
