delete from stats_minute where minute = :bucket and site = :site
