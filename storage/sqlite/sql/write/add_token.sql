insert into token (hash, name, scope, site, created)
values (:hash, :name, :scope, :site, :created)
