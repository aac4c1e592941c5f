delete from stats_month
where month = :bucket
    and site = :site
    and dim = :dim
    and by_dim = :by_dim
    and by_label = :by_label
    and pack = :pack
