select count()
from system.mutations
where database = {database:String}
    and table = {table:String}
    and is_done = 0
