#!/bin/sh
# Installs Debian packages without letting any of them start its service. Must run as root.
#   install-packages.sh PACKAGE ...
set -eu

policy=/usr/sbin/policy-rc.d
kept=$policy.kept-by-mcp-gateway

restore() {
  rm -f "$policy"
  [ ! -e "$kept" ] || mv "$kept" "$policy"
}
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Debian starts the service of a package when it is installed, unless this program forbids it (101).
[ ! -e "$policy" ] || mv "$policy" "$kept"
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends "$@"

# Nor should the machine's own nginx come up at the next start: ours runs from its own folder.
for package; do
  if [ "$package" = nginx ] && [ -d /run/systemd/system ]; then
    systemctl disable nginx.service
  fi
done
