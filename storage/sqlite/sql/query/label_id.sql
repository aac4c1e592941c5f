select id from label where site = :site and dim = :dim and text = :text
