select distinct partition
from system.parts
where active
    and database = {database:String}
    and table = {table:String}
order by partition
