delete from stats_hour
where hour = :bucket
    and site = :site
    and dim = :dim
    and pack = :pack
