alter table {{.Table}}{{.OnCluster}} drop partition {{.Partition}}
