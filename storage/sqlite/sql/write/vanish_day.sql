delete from stats_day where rows = ''
