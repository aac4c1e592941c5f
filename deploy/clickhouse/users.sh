#!/bin/sh
# Makes Foule's database, roles (grants.sql) and users in a ClickHouse server, or
# brings them up to date: it can be run again at any time, after an update or to
# set new passwords. It runs on the server's own machine, as an administrator who
# is let in from loopback:
#
#     SECRETS=/etc/foule deploy/clickhouse/users.sh
#
# SECRETS is a folder with collector.password, dashboard.password and
# migrate.password. Only a hash of each reaches the server.
set -eu
here=$(dirname "$0")
secrets=${SECRETS:-/run/secrets}

client() {
	clickhouse-client --host 127.0.0.1 --user default "$@"
}

# account USER ROLE…
account() {
	name=$1
	shift
	# Without the line's end, which is no part of a password.
	password=$(cat "$secrets/$name.password")
	[ -n "$password" ] || { echo "users: $secrets/$name.password is empty" >&2; exit 1; }
	hash=$(printf %s "$password" | sha256sum | cut -d ' ' -f 1)
	echo "create user if not exists $name identified with sha256_hash by '$hash';"
	echo "alter user $name identified with sha256_hash by '$hash';"
	for role; do
		echo "grant $role to $name;"
	done
}

accounts=$(
	account collector foule_collector
	account dashboard foule_dashboard
	# The first start makes a site and an admin, as the dashboard may; operators erase as it.
	account migrate foule_migrate foule_dashboard foule_erase
)
{
	echo "create database if not exists foule;"
	cat "$here/grants.sql"
	echo "$accounts"
} | client --multiquery
echo "users: collector, dashboard and migrate are there, with the roles of grants.sql" >&2
