select id from label where text = :text
