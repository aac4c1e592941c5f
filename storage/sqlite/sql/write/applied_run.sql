-- The run of segments that begins last at or before this segment.
select first, last
from applied
where source = :source
    and first <= :segment
order by first desc
limit 1
