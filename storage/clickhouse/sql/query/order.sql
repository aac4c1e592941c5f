{{- if .SortLabel}}
    {{.Name}} {{.Direction}}
{{- else if .Sort}}
    {{.Sort}} {{.Direction}},
    {{.Name}}
{{- else}}
    {{.Name}}
{{- end -}}
