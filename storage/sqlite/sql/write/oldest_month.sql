-- The earliest month that any table still has something of; null if none has.
select min(month)
from (
    select min(month) as month from stats_month
    union all
    select cast(strftime('%Y', min(hour) * 3600, 'unixepoch') as integer) * 12
        + cast(strftime('%m', min(hour) * 3600, 'unixepoch') as integer) - 1
    from stats_hour
    union all
    select min(last_month) from label
)
