#!/usr/bin/env bash
# Puts libchdb.so (560 MB) where internal/clickhousetest looks for it: outside
# the repository, under the version's name, so that a second clone finds it.
# Prints the folder. Safe to run twice at once: the folder appears whole.
set -euo pipefail
cd "$(dirname "$0")"
version=$(sed -n 's|.*"@chdb/lib-linux-x64-gnu": "\(.*\)".*|\1|p' package.json)
cache=${FOULE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/foule}
home=$cache/chdb-$version
if [ ! -e "$home/libchdb.so" ]; then
	mkdir -p "$cache"
	part=$(mktemp -d "$cache/part.XXXXXX")
	trap 'rm -rf "$part"' EXIT
	cp package.json package-lock.json .npmrc "$part"
	npm ci --prefix "$part" --silent --no-audit --no-fund --ignore-scripts
	chmod 755 "$part/node_modules/@chdb/lib-linux-x64-gnu"
	mv -T "$part/node_modules/@chdb/lib-linux-x64-gnu" "$home" 2>/dev/null || [ -e "$home/libchdb.so" ]
fi
echo "$home"
