select
    label,
    toInt64(intDiv(toUnixTimestamp(hour), 3600)) as bucket,
    {{metrics .Metrics "sum({m}) as sum_{m}" ",\n    "}}
from stats_hour
where site = {site:UInt32}
    and dim = {dim:UInt8}
    and hour >= toDateTime({from:UInt32})
    and hour <= toDateTime({to:UInt32})
{{- template "among.sql" .}}
group by label, bucket
having {{metrics .Metrics "sum_{m} != 0" " or "}}
order by bucket
