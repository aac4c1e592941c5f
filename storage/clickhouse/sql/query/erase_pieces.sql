select distinct toUInt64({{.Piece}}) as piece
from {{.Table}}
where site = {site:UInt32}
    and {{.Where}}
order by piece
