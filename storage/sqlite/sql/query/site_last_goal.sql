select last_goal from site where id = :id
