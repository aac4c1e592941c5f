select id, text
from label
where site = :site
    and dim = :dim
    and id in (select value from json_each(:ids))
