{{- template "grouped.sql" .}}
order by
{{- template "order.sql" .}}
