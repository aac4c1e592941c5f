select
    value,
    version
from meta final
where key = {key:String}
