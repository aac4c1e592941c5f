delete from goal where site = :site
