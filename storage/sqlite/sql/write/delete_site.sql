delete from site where id = :site
