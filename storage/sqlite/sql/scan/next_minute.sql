-- The next minute after :after that any site has something of; null if there is none.
select min(minute) from stats_minute where minute > :after
