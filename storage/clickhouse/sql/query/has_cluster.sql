select count()
from system.clusters
where cluster = {cluster:String}
