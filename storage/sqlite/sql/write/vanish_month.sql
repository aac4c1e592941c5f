delete from stats_month where rows = ''
