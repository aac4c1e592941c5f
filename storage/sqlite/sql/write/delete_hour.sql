delete from stats_hour where hour = :bucket and site = :site
