select
    table,
    name,
    type
from system.columns
where database = {database:String}
order by table, name
