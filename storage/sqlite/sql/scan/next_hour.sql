-- The next hour after :after that any site has something of; null if there is none.
select min(hour) from stats_hour where hour > :after
