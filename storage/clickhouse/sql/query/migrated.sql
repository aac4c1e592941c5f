insert into schema_migration (version, name, applied)
select {version:UInt32}, {name:String}, toDateTime({applied:UInt32})
