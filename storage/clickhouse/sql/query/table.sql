select
    arrayJoin([0, if(label = {other:String}, 1, 2)]) as kind,
    if(kind = 0, '', label) as name,
    count() as labels,
    {{metrics "sum(sum_{m}) as {m}" ",\n    "}}
from (
    select
        label,
        {{metrics "sum({m}) as sum_{m}" ",\n        "}}
    from stats_day
    where site = {site:UInt32}
        and dim = {dim:UInt8}
        and by_dim = {by_dim:UInt8}
        and by_label = {by_label:String}
        and day >= toDate({from:UInt16})
        and day <= toDate({to:UInt16})
{{- if .Label}}
        and label = {label:String}
{{- end}}
{{- if .Search}}
        and positionCaseInsensitive(label, {search:String}) > 0
{{- end}}
{{- if .HideEmpty}}
        and label != ''
{{- end}}
{{- if .HideOther}}
        and label != {other:String}
{{- end}}
    group by label
    having {{metrics "sum_{m}" " or "}}
)
group by
    kind,
    name
order by
    kind,
{{- if .SortLabel}}
    name {{.Direction}}
{{- else}}
    {{.Sort}} {{.Direction}},
    name
{{- end}}
{{- if .Limit}}
limit {limit:UInt64}
{{- end}}
