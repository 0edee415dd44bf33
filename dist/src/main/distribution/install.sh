#!/bin/sh
# Installs openmemory-backup from its archive, for one user or for all, and removes it again.
#
#   install.sh [--prefix DIR] [ARCHIVE]    DIR: ~/.local unless given; ARCHIVE: the .tar.gz beside this file
#   install.sh [--prefix DIR] --uninstall
#
# The program is in DIR/share/openmemory-backup. All else is a link to it: DIR/bin/openmemory-backup, completions below
# DIR/share, man pages in DIR/share/man. A file that is not such a link is never replaced or removed.
set -eu
umask 022

name=openmemory-backup

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

say() {
  printf '%s\n' "$*"
}

usage() {
  awk 'NR > 1 && !/^#/ {exit} NR > 1 {sub(/^# ?/, ""); print}' "$0"
}

links() { # FOLDER: prints for each link its path below the prefix and the path below FOLDER that it leads to
  echo "bin/$name bin/$name"
  (cd "$1" && find share -type f) | sort | sed 's/.*/& &/'
}

is_ours() { # LINK FILE
  [ -h "$1" ] && [ "$(readlink "$1")" = "$2" ]
}

verify_archive() {
  sums=$(dirname "$archive")/SHA256SUMS
  [ -f "$sums" ] || fail "SHA256SUMS is missing next to $archive. Download it too."
  wanted=$(sed -n "s/^\([0-9a-f]\{64\}\)  $(basename "$archive" | sed 's/\./\\./g')\$/\1/p" "$sums")
  [ -n "$wanted" ] || fail "SHA256SUMS does not name $(basename "$archive")"
  if command -v sha256sum >/dev/null 2>&1; then
    found=$(sha256sum <"$archive")
  else
    found=$(shasum -a 256 <"$archive")
  fi
  [ "${found%% *}" = "$wanted" ] || fail "$archive is damaged or incomplete: its SHA-256 is ${found%% *}, not $wanted. Download it again."
}

make_folder() { # DIR: with its parents, each of which is noted unless it was there
  [ -d "$1" ] && return
  make_folder "$(dirname "$1")"
  mkdir "$1"
  printf '%s\n' "$1" >>"$made"
}

others() { # prints the files in the folder of the program that are not of it
  (cd "$app" && find . ! -type d) | sed 's|^\./||' | awk '
    NR == FNR {known[substr($0, 67)]; next}
    !($0 in known) && $0 != "installed" && $0 != "SHA256SUMS" && $0 !~ /^archives\//' "$app/SHA256SUMS" -
}

require_no_foreign_files() {
  if [ -e "$app" ]; then
    [ -f "$app/installed" ] || fail "$app is there and was not made by this script. Nothing was changed."
    [ -z "$(others)" ] || fail "$app has files of others in it: $(others | tr '\n' ' '). Move them away. Nothing was changed."
  fi
  links "$new" | while read -r link file; do
    if [ -e "$prefix/$link" ] || [ -h "$prefix/$link" ]; then
      is_ours "$prefix/$link" "$app/$file" || fail "$prefix/$link is there and is not a link of this script. Move it away. Nothing was changed."
    fi
  done
}

leave() { # what was begun goes, unless the program is in its place
  rm -rf "$new"
  [ -e "$app" ] || remove_folders <"$made"
  rm -f "$made"
}

remove_folders() { # of standard input, below before above, those that are empty
  sort -ru | while read -r folder; do
    [ -z "$folder" ] || rmdir "$folder" 2>/dev/null || :
  done
}

install_archive() {
  verify_archive
  made=$(mktemp)
  new=$app.new.$$
  trap leave EXIT
  trap 'exit 130' INT HUP TERM
  make_folder "$(dirname "$app")"
  mkdir "$new"
  tar -xzf "$archive" -C "$new" --strip-components=1
  [ -x "$new/bin/$name" ] && [ -f "$new/SHA256SUMS" ] || fail "$archive is no archive of $name"
  require_no_foreign_files
  if [ -e "$app" ]; then
    cat "$app/installed" >>"$made"
    remove
  fi
  links "$new" | while read -r link file; do
    make_folder "$(dirname "$prefix/$link")"
  done
  # The record comes with the folder: what is there in part can be removed.
  cp "$made" "$new/installed"
  mv "$new" "$app"
  links "$app" | while read -r link file; do
    ln -s "$app/$file" "$prefix/$link"
  done
  # The first start makes an archive of classes, which only a user with rights in this folder can.
  version=$("$app/bin/$name" --version) || {
    say "$name is installed but does not start, as said above. Then try: $prefix/bin/$name --version"
    exit 1
  }
  say "Installed $version in $app"
  case :$PATH: in
    *:"$prefix/bin":*) say "Try: $name help" ;;
    *) say "$prefix/bin is not on your PATH. Add it, or try: $prefix/bin/$name help" ;;
  esac
  say "Remove it again with: $app/install.sh --prefix $prefix --uninstall"
}

remove() { # the links, then what the archive held; keeps what others have put there
  links "$app" | while read -r link file; do
    if is_ours "$prefix/$link" "$app/$file"; then rm "$prefix/$link"; fi
  done
  rm -rf "$app/archives"
  sed 's/^[0-9a-f]*  //' "$app/SHA256SUMS" | while read -r file; do
    rm -f "$app/$file"
  done
  rm -f "$app/SHA256SUMS" "$app/installed"
  find "$app" -depth -type d -exec rmdir {} + 2>/dev/null || :
}

uninstall() {
  [ -f "$app/installed" ] || fail "there is no $name in $app. Give the --prefix that it was installed with."
  folders=$(cat "$app/installed")
  strangers=$(others | tr '\n' ' ')
  remove
  printf '%s\n' "$folders" | remove_folders
  [ -z "$strangers" ] || say "These files in $app are not of $name and stay: $strangers"
  say "Removed $name from $prefix"
}

prefix=${HOME:-}/.local
archive=
remove=no
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || fail "--prefix needs a folder"; prefix=$2; shift ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --uninstall) remove=yes ;;
    -h | --help) usage; exit ;;
    -*) fail "there is no option $1. Try --help." ;;
    *) [ -z "$archive" ] || fail "one archive at a time"; archive=$1 ;;
  esac
  shift
done
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
app=$prefix/share/$name

if [ "$remove" = yes ]; then
  uninstall
  exit
fi
if [ -z "$archive" ]; then
  here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
  for archive in "$here/$name"-*.tar.gz; do
    [ -z "${first:-}" ] || fail "there are several archives in $here. Name one of them."
    first=$archive
  done
fi
[ -f "$archive" ] || fail "there is no archive $archive. Name the $name-VERSION.tar.gz that you have downloaded."
install_archive
