module foule.eu/foule

go 1.26
