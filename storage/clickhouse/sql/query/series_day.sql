select
    label,
    toInt64(toUInt16(day)) as bucket,
    {{metrics .Metrics "sum({m}) as sum_{m}" ",\n    "}}
from stats_day
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and by_dim = {by_dim:UInt8}
    and by_label = {by_label:String}
    and day >= toDate({from:UInt16})
    and day <= toDate({to:UInt16})
{{- template "among.sql" .}}
group by label, bucket
having {{metrics .Metrics "sum_{m} != 0" " or "}}
order by bucket
