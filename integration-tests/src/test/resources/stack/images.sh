#!/bin/sh
# images.sh LABEL STORE API: makes two images of those names, with that label, from this machine's busybox and sqlite3 and
# the libraries that they load.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

chmod 755 "$root"
mkdir -p "$root/usr/bin" "$root/etc" "$root/run" "$root/proc" "$root/dev" "$root/qdrant" "$root/usr/src/openmemory" \
  "$root/opt/stack"
mkdir -m 1777 "$root/tmp"
ln -s usr/bin "$root/bin"
for program in busybox sqlite3; do
  file=$(command -v "$program")
  cp -L "$file" "$root/usr/bin/$program"
  { ldd "$file" 2>/dev/null || true; } | { grep -o '/[^ ]*' || true; } | while read -r library; do
    mkdir -p "$root${library%/*}"
    cp -L "$library" "$root$library"
  done
done
for applet in $(busybox --list); do
  [ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
done
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

for script in store request api writer destroy-database forget-points begin-again; do
  install -m 755 "$here/$script.sh" "$root/opt/stack/"
done
{
  echo 'BEGIN IMMEDIATE;'
  sqlite3 "$here/../installation/api/openmemory.db" .schema
  cat "$here/seed.sql"
  echo 'COMMIT;'
} >"$root/opt/stack/schema.sql"
cp "$here/../installation/api/config.json" "$root/opt/stack/"
cp "$here/../installation/api/config.json" "$root/usr/src/openmemory/"

image() { # LABEL NAME WORKDIR COMMAND
  tar -C "$root" -c . |
    docker import -c "LABEL $1" -c 'ENV PATH=/usr/bin' -c "WORKDIR $3" -c "CMD [\"$4\"]" - "$2"
}
image "$1" "$2" /qdrant /opt/stack/store.sh
image "$1" "$3" /usr/src/openmemory /opt/stack/api.sh
