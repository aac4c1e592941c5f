delete from stats_hour where rows = ''
