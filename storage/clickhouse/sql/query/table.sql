select
    label,
    {{metrics .Metrics "sum_{m}" ",\n    "}},
    count() over () as labels,
    {{metrics .Metrics "sum(sum_{m}) over () as all_{m}" ",\n    "}}
from (
{{- template "grouped.sql" .}}
)
order by
    label = {other:String} desc,
{{- template "order.sql" .}}
limit {limit:UInt64}
