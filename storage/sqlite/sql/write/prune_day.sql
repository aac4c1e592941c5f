delete from stats_day where day < :before
