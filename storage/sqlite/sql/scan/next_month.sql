-- The next month after :after that any site has something of; null if there is none.
select min(month) from stats_month where month > :after
