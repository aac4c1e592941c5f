optimize table {{.Table}}{{.OnCluster}} partition {{.Partition}} final
