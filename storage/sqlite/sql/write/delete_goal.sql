delete from goal where site = :site and id = :id
