select
    arrayJoin([0, if(label = {other:String}, 1, 2)]) as kind,
    if(kind = 0, '', label) as name,
    count() as labels,
    {{metrics .Metrics "sum(sum_{m}) as all_{m}" ",\n    "}}
from (
{{- template "grouped.sql" .}}
)
group by
    kind,
    name
order by
    kind,
{{- template "order.sql" .}}
limit {limit:UInt64}
