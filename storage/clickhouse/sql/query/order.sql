{{- if .SortLabel}}
    label {{.Direction}}
{{- else if .Sort}}
    sum_{{.Sort}} {{.Direction}},
    label
{{- else}}
    label
{{- end -}}
