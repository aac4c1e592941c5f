insert into label (text, last_month)
values (?, ?),
    (?, ?)
on conflict (text) do update set last_month = max(last_month, excluded.last_month)
returning id, text, last_month
