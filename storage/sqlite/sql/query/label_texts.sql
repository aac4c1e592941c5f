select id, text
from label
where id in (select value from json_each(:ids))
