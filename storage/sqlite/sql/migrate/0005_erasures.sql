-- What was erased, when and by whom: the audit trail. It never holds the text
-- of a label. An erasure that still stands is done again, see package storage.

create table erasure (
    id        integer primary key autoincrement,
    site      integer not null,  -- site.id
    kind      text    not null,  -- site, range or label
    dim       integer not null,  -- dimension.id of the label; 0 is every dimension
    contained integer not null check (contained in (0, 1)),  -- every label that contained a text
    from_day  integer not null,  -- the range's first day, as in stats_day
    to_day    integer not null,  -- the range's last day
    labels    integer not null,  -- how many labels were found
    rows      integer not null,  -- how many rows were taken
    user_id   integer not null,  -- user.id; 0 is the command line
    begun     integer not null,  -- Unix seconds
    done      integer not null,  -- Unix seconds; 0 until it is
    until     integer not null,  -- Unix seconds until which it stands; 0 if it does not
    salt      text    not null,  -- of the hashes; '' once it stands no longer
    hashes    blob    not null   -- SHA-256 of salt and label, 32 bytes each; empty once it stands no longer
) strict;
