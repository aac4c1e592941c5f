# Boots systemd as the first process of namespaces of its own, over a copy of
# this machine's root in memory into which install.sh has laid Foule; starts the
# collector's unit and nothing else. In the environment: INSTALL (install.sh),
# BASE (an empty folder), LISTEN and BOARD (addresses for the settings).
set -e
mount -t tmpfs tmpfs "$BASE"
mkdir "$BASE/up" "$BASE/work" "$BASE/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$BASE/up,workdir=$BASE/work" "$BASE/root"
root=$BASE/root

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do
	touch "$root/dev/$node"
	mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"

# Nothing of the machine's own services and disks.
: >"$root/etc/fstab"
rm -rf "$root"/usr/lib/systemd/system/*.wants "$root"/etc/systemd/system/*.wants "$root/etc/foule"
DESTDIR=$root "$INSTALL"
chroot "$root" systemd-sysusers foule.conf
sed -i "s/127.0.0.1:8080/$LISTEN/; s/127.0.0.1:8081/$BOARD/; s/127.0.0.1:9000/127.0.0.1:1/" "$root"/etc/foule/*.toml
mkdir -p "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=volatile\n' >"$root/etc/systemd/journald.conf.d/test.conf"
printf '[Unit]\nRequires=systemd-journald.service foule-collector.service\n' >"$root/etc/systemd/system/foule-test.target"

cd "$root"
pivot_root . mnt
umount -l /mnt
# Credentials reach a service by a mount that has to spread; in a container it is
# the container's maker who sees to that.
mount --make-rshared /
exec env -i container=foule PATH=/usr/bin:/usr/sbin:/bin:/sbin /lib/systemd/systemd --unit=foule-test.target --show-status=no
