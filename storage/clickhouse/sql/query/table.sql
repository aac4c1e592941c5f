select
    label,
    label = {other:String} as is_other,
    {{metrics .Metrics "sum_{m}" ",\n    "}},
    count() over () as labels,
    {{metrics .Metrics "sum(sum_{m}) over () as all_{m}" ",\n    "}}
from (
{{- template "grouped.sql" .}}
)
order by
    is_other desc,
{{- template "order.sql" .}}
limit {limit:UInt64}
