select dim, id, text
from label
where site = :site
    and :dim in (0, dim)
