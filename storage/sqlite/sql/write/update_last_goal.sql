update site set last_goal = last_goal + 1 where id = :site
