delete from token where site = :site
