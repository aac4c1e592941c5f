-- The next day after :after that any site has something of; null if there is none.
select min(day) from stats_day where day > :after
