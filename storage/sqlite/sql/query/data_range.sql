-- The key begins with the day, so a site's first and last day are found by
-- asking day after day from either end.
with recursive
up (day) as (
    select min(day) from stats_day
    union all
    select day + 1 from up
    where day < (select max(day) from stats_day)
        and not exists (select 1 from stats_day s where s.day = up.day and s.site = :site)
),
down (day) as (
    select max(day) from stats_day
    union all
    select day - 1 from down
    where day > (select min(day) from stats_day)
        and not exists (select 1 from stats_day s where s.day = down.day and s.site = :site)
)
select
    (select day from up where exists (select 1 from stats_day s where s.day = up.day and s.site = :site)),
    (select day from down where exists (select 1 from stats_day s where s.day = down.day and s.site = :site))
