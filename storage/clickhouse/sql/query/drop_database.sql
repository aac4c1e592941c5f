drop database if exists {{.Name}}{{.OnCluster}}
