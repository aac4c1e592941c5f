select name
from system.tables
where database = {database:String}
    and name = 'schema_migration'
