select
    name,
    engine,
    engine_full
from system.tables
where database = {database:String}
order by name
