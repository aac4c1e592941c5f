delete from stats_day where counts = ''
