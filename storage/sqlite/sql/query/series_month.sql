with recursive bucket (n) as (
    select :from where :from <= :to
    union all
    select n + 1 from bucket where n < :to
)
select s.month, s.rows
from bucket
cross join stats_month s
where s.month = bucket.n
    and s.site = :site
    and s.dim = :dim
    and s.by_dim = :by_dim
    and s.by_label = :by_label
    and s.pack = :pack
