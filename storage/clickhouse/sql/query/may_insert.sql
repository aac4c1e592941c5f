insert into {{.Table}} ({{.Column}})
select 0
where 0
