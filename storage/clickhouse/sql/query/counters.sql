{{- range $i, $t := .Tables}}
{{- if $i}}

union all
{{end}}
select
{{- if $.By}}
    label,
{{- end}}
{{- if eq $.By "label, bucket"}}
    toInt64(toInt64(toYear({{$t.Day}})) * 12 + toMonth({{$t.Day}}) - 1) as bucket,
{{- end}}
    {{metrics $.Metrics (printf "sum({m}) as %s_{m}" $.Part) ",\n    "}}
from {{$t.Name}}
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and by_dim = {by_dim:UInt8}
    and by_label = {by_label:String}
{{- if eq $t.Day "month"}}
    and month >= toDate({first:UInt16})
    and month <= toDate({last:UInt16})
{{- else}}
    and day >= toDate({from:UInt16})
    and day <= toDate({to:UInt16})
{{- if $.Months}}
    and (day < toDate({first:UInt16}) or day > toDate({last:UInt16}))
{{- end}}
{{- end}}
{{- template "among.sql" $}}
{{- if $.Search}}
    and positionCaseInsensitive(label, {search:String}) > 0
{{- end}}
{{- if $.HideEmpty}}
    and label != ''
{{- end}}
{{- if $.HideOther}}
    and label != {other:String}
{{- end}}
{{- if $.By}}
group by {{$.By}}
{{- end}}
{{- end -}}
