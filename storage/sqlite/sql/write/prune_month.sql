delete from stats_month where month < :before
