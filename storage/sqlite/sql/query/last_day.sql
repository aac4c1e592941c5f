select coalesce(max(day), 0) from stats_day
