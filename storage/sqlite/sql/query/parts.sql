-- Every site and day that has rows. The keys begin with the time and the site,
-- so each pair is found from the one before, and the rows in between are not
-- read. A pair is one number here, time * 2^32 + site; the first stands before
-- all that occur. An hour and a minute belong to the day they lie in by UTC,
-- also before 1970.
with recursive
days (n) as (
    select -4611686018427387904
    union all
    select (
        select s.day * 4294967296 + s.site
        from stats_day s
        where (s.day, s.site) > (days.n >> 32, days.n & 4294967295)
        order by s.day, s.site
        limit 1
    )
    from days
    where n is not null
),
hours (n) as (
    select -4611686018427387904
    union all
    select (
        select s.hour * 4294967296 + s.site
        from stats_hour s
        where (s.hour, s.site) > (hours.n >> 32, hours.n & 4294967295)
        order by s.hour, s.site
        limit 1
    )
    from hours
    where n is not null
),
minutes (n) as (
    select -4611686018427387904
    union all
    select (
        select s.minute * 4294967296 + s.site
        from stats_minute s
        where (s.minute, s.site) > (minutes.n >> 32, minutes.n & 4294967295)
        order by s.minute, s.site
        limit 1
    )
    from minutes
    where n is not null
)
select n & 4294967295 as site, n >> 32 as day
from days
where n > -4611686018427387904
union
select n & 4294967295, ((n >> 32) - (((n >> 32) % 24) + 24) % 24) / 24
from hours
where n > -4611686018427387904
union
select n & 4294967295, ((n >> 32) - (((n >> 32) % 1440) + 1440) % 1440) / 1440
from minutes
where n > -4611686018427387904
order by site, day
