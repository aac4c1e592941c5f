delete from stats_minute where counts = ''
