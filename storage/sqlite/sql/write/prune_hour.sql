delete from stats_hour where hour < :before
