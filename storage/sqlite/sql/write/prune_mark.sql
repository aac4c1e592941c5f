insert into meta (key, value) values (:key, '1')
on conflict do update set value = cast(value as integer) + 1
