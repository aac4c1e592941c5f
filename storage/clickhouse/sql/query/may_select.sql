select {{.Column}}
from {{.Table}}
limit 0
