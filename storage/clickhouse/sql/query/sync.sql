system sync replica {{.Table}}
