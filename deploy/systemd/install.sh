#!/bin/sh
# Installs Foule's programs and systemd units on a machine with systemd, as
# Debian 12. Run it as root after "make build":
#
#     deploy/systemd/install.sh
#
# It changes no settings that are there already, and starts nothing. With DESTDIR
# it only lays the files out, for a package; BIN is a folder with other programs
# than those of make. See docs/deploy.md.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
dest=${DESTDIR:-}
bin=${BIN:-$repo/bin}

place() { # place MODE FILE TARGET
	install -D -m "$1" "$2" "$dest$3"
}

for name in collector dashboard; do
	[ -x "$bin/$name" ] || { echo "install: there is no $bin/$name; run make build first" >&2; exit 1; }
	# A running program's file cannot be written to: put the new one in its place.
	place 0755 "$bin/$name" "/usr/local/bin/foule-$name.new"
	mv "$dest/usr/local/bin/foule-$name.new" "$dest/usr/local/bin/foule-$name"
done
geo=$repo/.cache/geo/country.mmdb
[ -f "$geo" ] || { echo "install: there is no $geo; run make .cache/geo/country.mmdb first" >&2; exit 1; }
place 0644 "$geo" /usr/local/share/foule/country.mmdb
for doc in README.md LICENSE NOTICE; do
	place 0644 "$repo/$doc" "/usr/local/share/doc/foule/$doc"
done
place 0644 "$here/foule.sysusers" /usr/lib/sysusers.d/foule.conf
place 0644 "$here/foule-collector.service" /etc/systemd/system/foule-collector.service
place 0644 "$here/foule-dashboard.service" /etc/systemd/system/foule-dashboard.service
for settings in foule.toml dashboard.toml; do
	[ -e "$dest/etc/foule/$settings" ] || place 0644 "$here/$settings" "/etc/foule/$settings"
done

[ -z "$dest" ] || exit 0
systemd-sysusers foule.conf
systemctl daemon-reload
cat <<'END'
Foule is installed, and not started yet. Next:

  1. Set the host names in /etc/foule/foule.toml.
  2. foule-collector check --config /etc/foule/foule.toml
  3. systemctl enable --now foule-collector
  4. journalctl -u foule-collector    shows the link for the first log-in.
  5. Put nginx or Caddy in front: docs/deploy.md.
END
