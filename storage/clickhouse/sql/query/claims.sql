select count()
from claim
where what = {what:String}
    and site = {site:UInt32}
    and number = {number:Int64}
