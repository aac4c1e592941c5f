delete from stats_hour where counts = ''
