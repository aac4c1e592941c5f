select timezone from site where id = :id
