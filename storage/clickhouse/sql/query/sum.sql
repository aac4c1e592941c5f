{{- if .Several}}select
    {{metrics .Metrics "sum(part_{m}) as sum_{m}" ",\n    "}}
from (
{{- template "counters.sql" .}}
)
{{- else}}
{{- template "counters.sql" .}}
{{- end}}
