select
    arrayJoin([0, if(label = {other:String}, 1, 2)]) as kind,
    if(kind = 0, '', label) as name,
    count() as labels,
    {{metrics .Metrics "sum(sum_{m}) as {m}" ",\n    "}}
from (
    select
        label,
        {{metrics .Metrics "sum(part_{m}) as sum_{m}" ",\n        "}}
    from (
{{- template "counters.sql" .}}
    )
    group by label
    having {{metrics .Metrics "sum_{m} != 0" " or "}}
)
group by
    kind,
    name
order by
    kind,
{{- if .SortLabel}}
    name {{.Direction}}
{{- else if .Sort}}
    {{.Sort}} {{.Direction}},
    name
{{- else}}
    name
{{- end}}
{{- if .Limit}}
limit {limit:UInt64}
{{- end}}
