{{- if .Labels}}
    and label in (
{{- range $i, $name := .Labels}}{{if $i}}, {{end}}{ {{- $name}}:String}
{{- end}})
{{- end -}}
