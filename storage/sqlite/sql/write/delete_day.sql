delete from stats_day where day = :bucket and site = :site
