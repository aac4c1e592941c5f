select distinct toYYYYMM(day) as month
from stats_day
order by month
