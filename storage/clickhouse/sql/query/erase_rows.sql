select
    {{if .Label}}dim{{else}}toUInt8(0){{end}} as key_dim,
    {{if .By}}by_dim{{else}}toUInt8(0){{end}} as key_by,
    {{if .By}}toString(by_label){{else}}''{{end}} as key_by_label,
    {{.Bucket}} as key_bucket,
    {{if .Label}}toString(label){{else}}''{{end}} as key_label,
    {{metrics all "sum({m}) as sum_{m}" ",\n    "}}
from {{.Table}}
where site = {site:UInt32}
    and {{.Where}}
    and {{.Piece}} = {piece:UInt64}
group by
    key_dim,
    key_by,
    key_by_label,
    key_bucket,
    key_label
having {{metrics all "sum_{m} != 0" " or "}}
