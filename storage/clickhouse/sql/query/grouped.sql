{{- if .Several}}
select
    {{.By}},
    {{metrics .Metrics "sum(part_{m}) as sum_{m}" ",\n    "}}
from (
{{- template "counters.sql" .}}
)
group by {{.By}}
{{- else}}
{{- template "counters.sql" .}}
{{- end}}
having {{metrics .Metrics "sum_{m} != 0" " or " -}}
