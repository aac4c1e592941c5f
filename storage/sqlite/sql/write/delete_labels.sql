delete from label where site = :site
