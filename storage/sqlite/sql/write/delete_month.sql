delete from stats_month where month = :bucket and site = :site
