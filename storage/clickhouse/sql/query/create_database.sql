create database {{.Name}}{{.OnCluster}}
