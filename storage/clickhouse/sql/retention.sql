-- What a changed number of months to keep takes; rows that are too old go with
-- the next merge.
alter table {{.Local "stats_hour"}}{{.OnCluster}} modify {{.TTL (.Months "hour")}};

alter table {{.Local "stats_day"}}{{.OnCluster}} modify {{.TTL (.Months "day")}};

alter table {{.Local "stats_month"}}{{.OnCluster}} modify {{.TTL (.Months "month")}};
