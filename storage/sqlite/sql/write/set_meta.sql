insert into meta (key, value) values (:key, :value)
on conflict do update set value = excluded.value
