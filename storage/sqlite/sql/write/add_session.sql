insert into session (hash, user_id, purpose, created, expires)
values (:hash, :user_id, :purpose, :created, :expires)
