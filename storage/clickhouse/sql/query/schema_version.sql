select max(version)
from schema_migration
