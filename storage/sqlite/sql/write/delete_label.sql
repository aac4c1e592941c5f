delete from label where site = :site and dim = :dim and id = :id
