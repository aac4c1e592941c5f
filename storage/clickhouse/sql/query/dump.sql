select
{{- range $n, $column := .Columns}}{{if $n}},{{end}}
    toString({{$column}})
{{- end}}
from {{.Table}}
