select
    bucket,
    {{metrics .Metrics "sum(part_{m}) as sum_{m}" ",\n    "}}
from (
{{- template "counters.sql" .}}
)
group by bucket
having {{metrics .Metrics "sum_{m} != 0" " or "}}
order by bucket
