select distinct toUInt16(day) as day_number
from (
    select day
    from stats_day
    where site = {site:UInt32}
        and by_dim = 0
        and by_label = ''
{{- if .Edges}}
        and (day = toDate({first:UInt16}) or day = toDate({last:UInt16}))
{{- end}}
    group by
        day,
        dim,
        label
    having {{metrics all "sum({m}) != 0" " or "}}
)
order by day_number
