{{- template "grouped.sql" .}}
order by bucket
