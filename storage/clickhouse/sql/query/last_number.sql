select max(number)
from claim
where what = {what:String}
    and site = {site:UInt32}
