with recursive bucket (n) as (
    select :from where :from <= :to
    union all
    select n + 1 from bucket where n < :to
)
select s.hour, s.rows
from bucket
cross join stats_hour s
where s.hour = bucket.n
    and s.site = :site
    and s.dim = :dim
    and s.pack = :pack
