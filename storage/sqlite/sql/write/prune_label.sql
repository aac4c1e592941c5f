delete from label where last_month < :before
