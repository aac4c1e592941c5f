alter table {{.Table}}{{.OnCluster}} delete where {{.Column}} = {{.Site}}
