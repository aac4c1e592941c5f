delete from stats_day
where day = :bucket
    and site = :site
    and dim = :dim
    and by_dim = :by_dim
    and by_label = :by_label
    and pack = :pack
