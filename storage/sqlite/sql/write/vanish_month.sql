delete from stats_month where counts = ''
