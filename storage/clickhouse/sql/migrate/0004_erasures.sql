-- What was erased, when and by whom: the audit trail. It never holds the text
-- of a label. An erasure that still stands is done again. Every server of a
-- cluster holds the table as a whole.

create table if not exists erasure{{.OnCluster}} (
    id        Int64{{.Comment "from 1, never used twice"}},
    site      UInt32{{.Comment "site.id"}},
    kind      String{{.Comment "site, range or label"}},
    dim       UInt8{{.Comment "number of the dimension of the label; 0 is every dimension"}},
    contained UInt8{{.Comment "1: every label that contained a text"}},
    from_day  Int32{{.Comment "first day of the range, in days since 1970"}},
    to_day    Int32{{.Comment "its last day"}},
    labels    Int64{{.Comment "how many labels were found"}},
    rows      Int64{{.Comment "how many rows were taken"}},
    user_id   Int64{{.Comment "user.id; 0 is the command line"}},
    begun     Int64{{.Comment "Unix seconds"}},
    done      Int64{{.Comment "Unix seconds; 0 until it is"}},
    until     Int64{{.Comment "Unix seconds until which it stands; 0 if it does not"}},
    salt      String{{.Comment "of the hashes; empty once it stands no longer"}},
    hashes    String{{.Comment "SHA-256 of salt and label, 32 bytes each; empty once it stands no longer"}},
    version   UInt64{{.Comment "the highest counts"}}
)
engine = {{.Replicated "erasure" "ReplacingMergeTree" "version"}}
order by id
{{.Settings}};
