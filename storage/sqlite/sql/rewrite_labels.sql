-- Writes the texts of labels anew. The engine overwrites a row that it deletes,
-- but not the copies that it left in pages as it split them; it does overwrite
-- pages that it gives up.
create table label_copy (
    site       integer not null,
    dim        integer not null,
    id         integer not null,
    text       text    not null,
    last_month integer not null,
    primary key (site, dim, id)
) strict, without rowid;

insert into label_copy (site, dim, id, text, last_month)
select site, dim, id, text, last_month
from label
order by site, dim, id;

delete from label;

insert into label (site, dim, id, text, last_month)
select site, dim, id, text, last_month
from label_copy
order by site, dim, id;

drop table label_copy;
