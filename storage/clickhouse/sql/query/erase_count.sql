select count()
from {{.Table}}
where {{.Column}} = {site:UInt32}
