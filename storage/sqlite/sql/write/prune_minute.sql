delete from stats_minute where minute < :before
