#!/bin/bash
# boot.sh ROOT SECONDS: boots systemd as PID 1 of ROOT, in namespaces of its own, for at most SECONDS. Writes the host's number of the
# guest's PID 1 to ROOT.pid. Ends when the guest ends; killed, it takes the guest with it.
#
# NEVER a root in use: systemd's tmpfiles step empties the /tmp it sees. So ROOT must be a tree of its own on which `/` does not stand, it
# becomes the root by pivot_root, and nothing boots while anything of the old root can still be seen.
set -euo pipefail
R=$(readlink -f "$1") T=$2
[ "$R" != / ] && [ -x "$R/lib/systemd/systemd" ] && [ "$(stat -c %d:%i "$R")" != "$(stat -c %d:%i /)" ] && [ ! -e "$R$(readlink -f "$0")" ] || {
  echo "boot.sh: $R is not a root of its own" >&2
  exit 2
}
CG=$(mktemp -d /run/ccm-guest.XXXX)
mount -t cgroup2 none "$CG"
mkdir "$CG/ccm-guest.$$"
tidy() {
  # Its PID 1 takes all of the guest with it.
  [ -z "${P:-}" ] || kill -KILL "${P%%$'\n'*}" 2>/dev/null || true
  [ -n "${P:-}" ] || pkill -KILL -P "${J:-0}" 2>/dev/null || true
  [ -z "${J:-}" ] || wait "$J" 2>/dev/null || true
  for _ in $(seq 30); do
    find "$CG/ccm-guest.$$" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    [ -d "$CG/ccm-guest.$$" ] || break
    sleep .1
  done
  umount "$CG" && rmdir "$CG"
}
trap tidy EXIT
trap 'exit 143' TERM INT HUP
timeout -s KILL "$T" bash -c '
  echo $$ > "$1/cgroup.procs"
  exec unshare --pid --mount --uts --ipc --cgroup --net --fork --kill-child bash -euc '"'"'
    R=$1
    mount --make-rprivate /
    mount --bind "$R" "$R"; cd "$R"
    mount -t proc proc proc; mount --bind proc/sys proc/sys; mount -o remount,bind,ro proc/sys
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs dev; mkdir -p dev/pts dev/shm
    for n in "null 3" "zero 5" "full 7" "random 8" "urandom 9"; do set -- $n; mknod -m 666 dev/$1 c 1 $2; done
    mknod -m 666 dev/tty c 5 0
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts; ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
    mknod -m 600 dev/console c 1 3
    mount -t tmpfs tmpfs dev/shm; mount -t tmpfs -o mode=755 tmpfs run; mount -t tmpfs -o mode=1777 tmpfs tmp
    hostname ccmguest; ip link set lo up
    mkdir -p mnt/old; pivot_root . mnt/old; cd /; umount -l /mnt/old
    [ ! -e /mnt/old/etc ] || { echo "the old root is still to be seen: not booting" >&2; exit 3; }
    export container=ccmguest PATH=/usr/sbin:/usr/bin:/sbin:/bin; unset NOTIFY_SOCKET
    exec /lib/systemd/systemd --log-target=console --log-level=info --show-status=0
  '"'"' x "$2"
' x "$CG/ccm-guest.$$" "$R" </dev/null >"$R.log" 2>&1 &
J=$!
P=
for _ in $(seq 100); do
  U=$(pgrep -P "$J" unshare || true)
  [ -z "$U" ] || P=$(pgrep -P "${U%%$'\n'*}" || true)
  [ -z "$P" ] || ! grep -q systemd "/proc/${P%%$'\n'*}/comm" 2>/dev/null || break
  sleep .1
done
# Whole, or not there.
echo "${P%%$'\n'*}" >"$R.pid.new"
mv "$R.pid.new" "$R.pid"
wait "$J" || true
